#include "CAssets.h"

// #embed is of C23; clang takes it in older dialects too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char style[] = {
#embed "../../Web/dashboard/dashboard.css"
};
static const unsigned char script[] = {
#embed "../../Web/dashboard/dashboard.js"
};
static const unsigned char builder[] = {
#embed "../../Web/dashboard/builder.js"
};
static const unsigned char tree[] = {
#embed "../../Web/dashboard/tree.js"
};
static const unsigned char parts[] = {
#embed "../../Web/dashboard/parts.js"
};
static const unsigned char elements[] = {
#embed "../../Web/dashboard/elements.js"
};
static const unsigned char suggestions[] = {
#embed "../../Web/dashboard/suggestions.js"
};
static const unsigned char timeline[] = {
#embed "../../Web/dashboard/timeline.js"
};
static const unsigned char live[] = {
#embed "../../Web/dashboard/live.js"
};
static const unsigned char import[] = {
#embed "../../Web/dashboard/import.js"
};
static const unsigned char charts[] = {
#embed "../../Web/dashboard/charts.js"
};
static const unsigned char report_style[] = {
#embed "../../Web/dashboard/reports.css"
};
static const unsigned char reports[] = {
#embed "../../Web/dashboard/reports.js"
};
static const unsigned char ticker[] = {
#embed "../../Web/dashboard/ticker.js"
};
#if __has_embed("../../Web/vendor/echarts.min.js.gz")
static const unsigned char echarts[] = {
#embed "../../Web/vendor/echarts.min.js.gz"
};
#endif

static const shoal_asset assets[] = {
    {"dashboard.css", style, sizeof style},
    {"dashboard.js", script, sizeof script},
    {"builder.js", builder, sizeof builder},
    {"tree.js", tree, sizeof tree},
    {"parts.js", parts, sizeof parts},
    {"elements.js", elements, sizeof elements},
    {"suggestions.js", suggestions, sizeof suggestions},
    {"timeline.js", timeline, sizeof timeline},
    {"live.js", live, sizeof live},
    {"import.js", import, sizeof import},
    {"charts.js", charts, sizeof charts},
    {"reports.css", report_style, sizeof report_style},
    {"reports.js", reports, sizeof reports},
    {"ticker.js", ticker, sizeof ticker},
#if __has_embed("../../Web/vendor/echarts.min.js.gz")
    {"echarts.min.js.gz", echarts, sizeof echarts},
#endif
};

const shoal_asset *shoal_asset_at(size_t index) {
    return index < sizeof assets / sizeof assets[0] ? &assets[index] : NULL;
}
