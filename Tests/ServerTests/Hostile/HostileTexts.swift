/// Texts that somebody may put wherever a text comes from outside, to run a script, break out of a file or confuse people:
/// of the kinds that OWASP's and FuzzDB's lists have.
enum HostileTexts {
    static let all: [String] = markup + attributes + schemes + templates + formulas + directions + controls

    /// Elements of their own, also such as end what stands around them.
    static let markup = [
        "<script>alert(1)</script>", "<ScRiPt>alert(1)</sCrIpT>", "\"><script>alert(1)</script>",
        "'><script>alert(1)</script>", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
        "</script><script>alert(1)</script>", "</pre></code><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        "<img/src=x/onerror=alert(1)>", "<svg onload=alert(1)>", "<svg/onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>", "<iframe src=javascript:alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<body onload=alert(1)>", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>",
        "<audio src=x onerror=alert(1)>",
        "<math><mtext></mtext><mglyph><svg><mtext><style><img src=x onerror=alert(1)>",
        "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>", "<base href=//evil.example/>",
        "<link rel=stylesheet href=//evil.example/x.css>", "<meta http-equiv=refresh content=0;url=//evil.example>",
        "<form action=//evil.example><button>", "<input autofocus onfocus=alert(1)>", "<marquee onstart=alert(1)>",
        "<style>*{background:url(//evil.example)}</style>", "<!--><script>alert(1)</script>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<<script>alert(1)//<</script>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><script>alert(1)</script></template>", "<xmp><img src=x onerror=alert(1)></xmp>", "<plaintext>",
    ]

    /// Attributes of their own.
    static let attributes = [
        "\" onmouseover=alert(1) x=\"", "' onmouseover=alert(1) x='", "\" autofocus onfocus=\"alert(1)",
        "x onerror=alert(1)",
        "\" style=\"background:url(//evil.example)", "\" href=\"javascript:alert(1)", "\"/onclick=alert(1)//",
        "`onmouseover=alert(1)",
        "\\\" onmouseover=alert(1) \\\"", "&quot; onmouseover=alert(1) &quot;", "&#34; onmouseover=alert(1)",
    ]

    /// Addresses that run something, and entities that become something.
    static let schemes = [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "javascript://%0aalert(1)",
        "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "//evil.example/x",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;alert(1)&#60;/script&#62;", "%3Cscript%3Ealert(1)%3C/script%3E",
        "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    ]

    /// What templates and scripts would take for theirs.
    static let templates = [
        "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "#{7*7}", "<%= 7*7 %>", "';alert(1);//",
        "\\';alert(1);//",
        "\u{2028}alert(1)\u{2029}",
    ]

    /// What spreadsheets would take for formulas.
    static let formulas = [
        "=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
        "=HYPERLINK(\"http://evil.example\",\"x\")", "\t=1+1", "\r=1+1", " =1+1", "＝1+1",
    ]

    /// What turns the direction of what follows, or is not seen.
    static let directions = [
        "\u{202E}cod.exe", "\u{2067}left\u{2066}", "a\u{200B}b\u{FEFF}c", "x\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}",
    ]

    /// Line breaks, a NUL and other characters that no head of an answer may have.
    static let controls = [
        "a\r\nSet-Cookie: evil=1", "a\nb,c\n=1+1", "a\u{0}<script>alert(1)</script>", "a\u{1B}[31mred",
        "\u{7F}\u{85}\u{9B}x",
    ]
}
