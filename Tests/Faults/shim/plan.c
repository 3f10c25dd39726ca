// Counts calls, writes them down, and decides by the rules of the plan what is to happen to each.
#include "shim.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const function_names[] = {
    "open", "open-read", "write", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "mkdir"};
static const char *const action_names[] = {"-", "kill-before", "kill-after", "torn", "error", "short", "no-op", "delay"};

int lose_at_exit;
static int log_descriptor = -1;
static struct rule rules[RULES];
static int rule_count;
static uint64_t chance_state = 0x9E3779B97F4A7C15;
static void *own_base;

uint64_t draw(void) {
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    return chance_state ^= chance_state << 17;
}

// The frames above the shim as "module+offset", and a number made of the innermost of them.
static uint32_t caller(char *text, size_t room) {
    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES), used = 0;
    uint32_t site = 2166136261u;
    size_t length = 0;
    text[0] = 0;
    for (int index = 0; index < count && used < SITE_FRAMES; index++) {
        Dl_info info;
        if (!dladdr(frames[index], &info) || info.dli_fbase == own_base) continue;
        const char *name = strrchr(info.dli_fname, '/');
        name = name ? name + 1 : info.dli_fname;
        unsigned long offset = (unsigned long)((char *)frames[index] - (char *)info.dli_fbase);
        for (const char *byte = name; *byte; byte++) site = (site ^ (unsigned char)*byte) * 16777619u;
        for (int shift = 0; shift < 32; shift += 8) site = (site ^ (offset >> shift & 255)) * 16777619u;
        if (length < room)
            length += (size_t)snprintf(text + length, room - length, "%s%s+%lx", used ? "," : "", name, offset);
        used++;
    }
    return site;
}

static struct rule *strike(enum function function, const char *path, uint32_t site) {
    size_t length = strlen(path);
    for (struct rule *rule = rules; rule < rules + rule_count; rule++) {
        size_t end = strlen(rule->file);
        if (!(rule->functions >> function & 1) || (rule->site && rule->site != site)) continue;
        if (end > length || strcmp(path + length - end, rule->file) != 0) continue;
        rule->seen++;
        if (rule->seen < rule->call || (rule->times > 0 && rule->struck >= rule->times)) continue;
        if (rule->chance < 1000000 && (long)(draw() % 1000000) >= rule->chance) continue;
        rule->struck++;
        return rule;
    }
    return NULL;
}

// Counts a call and says what is to happen to it; kills at once where it is to be killed before.
struct rule judge(enum function function, const char *path, long long size) {
    static const struct rule calm = {.action = NOTHING};
    if (!__atomic_load_n(&control->armed, __ATOMIC_SEQ_CST)) return calm;
    char frames[2048], line[7000];
    uint32_t site = caller(frames, sizeof frames);
    struct rule *struck = strike(function, path, site);
    long long number = __atomic_add_fetch(&control->calls, 1, __ATOMIC_SEQ_CST);
    const char *name = path[strlen(root)] == '/' ? path + strlen(root) + 1 : ".";
    int length = snprintf(
        line, sizeof line, "%lld %s %s %lld %08x %s %s\n", number, function_names[function], name, size, site,
        action_names[struck ? struck->action : NOTHING], frames);
    if (log_descriptor >= 0 && real_write(log_descriptor, line, (size_t)length) < 0) abort();
    if (!struck) return calm;
    __atomic_add_fetch(&control->struck, 1, __ATOMIC_SEQ_CST);
    if (struck->action == KILL_BEFORE) die(struck->losing);
    if (struck->action == DELAY) usleep((useconds_t)(struck->number * 1000));
    return *struck;
}

// Where the calls are written down.
void open_log(const char *path) {
    Dl_info info;
    if (dladdr((void *)open_log, &info)) own_base = info.dli_fbase;
    void *frames[4];
    backtrace(frames, 4);  // The first call loads a library.
    if (path) log_descriptor = real_openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

// MARK: - Reading a plan

static int number_of(const char *word, const char *const *names, int count) {
    for (int index = 0; index < count; index++)
        if (strcmp(word, names[index]) == 0) return index;
    fprintf(stderr, "faults: %s is no word of a plan\n", word);
    abort();
}

static void read_word(struct rule *rule, char *word) {
    char *value = strchr(word, '=');
    if (!value) abort();
    *value++ = 0;
    if (strcmp(word, "do") == 0) {
        char *number = strchr(value, ':');
        if (number) *number++ = 0;
        rule->number = number ? strtol(number, NULL, 10) : 0;
        rule->action = (enum action)number_of(value, action_names, 8);
    } else if (strcmp(word, "fn") == 0) {
        rule->functions = 0;
        char *rest = NULL;
        for (char *name = strtok_r(value, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
            rule->functions |= 1u << number_of(name, function_names, FUNCTIONS);
    } else if (strcmp(word, "file") == 0) snprintf(rule->file, sizeof rule->file, "%s", value);
    else if (strcmp(word, "site") == 0) rule->site = (uint32_t)strtoul(value, NULL, 16);
    else if (strcmp(word, "call") == 0) rule->call = strtol(value, NULL, 10);
    else if (strcmp(word, "times") == 0) rule->times = strtol(value, NULL, 10);
    else if (strcmp(word, "chance") == 0) rule->chance = strtol(value, NULL, 10);
    else if (strcmp(word, "lose") == 0) rule->losing = strcmp(value, "some") == 0 ? LOSE_SOME : LOSE_ALL;
    else if (strcmp(word, "seed") == 0) chance_state ^= (uint64_t)strtoull(value, NULL, 10) * 0xBF58476D1CE4E5B9;
    else if (strcmp(word, "exit") == 0) lose_at_exit = 1;
    else abort();
}

void read_plan(char *plan) {
    char *rest = NULL;
    for (char *text = strtok_r(plan, ";", &rest); text && rule_count < RULES; text = strtok_r(NULL, ";", &rest)) {
        struct rule rule = {.functions = ~(1u << OPEN_READ), .call = 1, .times = 1, .chance = 1000000};
        char *words = NULL;
        for (char *word = strtok_r(text, " ", &words); word; word = strtok_r(NULL, " ", &words)) read_word(&rule, word);
        if (rule.action != NOTHING) rules[rule_count++] = rule;
    }
}

