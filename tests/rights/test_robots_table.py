"""A table of robots.txt cases, each with the section of RFC 9309 it follows, or the open parser's behaviour."""

from __future__ import annotations

import pytest

from newscrawl.rights import robots

GOOGLE = "google-parser behaviour"
LONG = "/x/" + "a" * 20000

# (source, file, [(agent, path or URL, allowed) …]); in a file, "|" is a line end.
CASES: list[tuple[str, str | bytes, list[tuple[str, str, bool]]]] = [
    # ---- which lines count at all
    ("§2.2.2 no rules allow all", "", [("newscrawl", "/", True), ("newscrawl", "/a", True)]),
    ("§2.2.2 an empty path says nothing", "user-agent: newscrawl|disallow:", [("newscrawl", "/a", True)]),
    ("§2.2.2 an empty allow lifts nothing", "user-agent: *|disallow: /|allow:", [("newscrawl", "/a", False)]),
    ("§2.2.1 one group", "user-agent: newscrawl|disallow: /", [("newscrawl", "/x/y", False), ("other", "/x/y", True)]),
    ("§2.2 rules before any group bind nobody", "disallow: /|user-agent: *|disallow: /a", [("newscrawl", "/b", True), ("newscrawl", "/a", False)]),
    ("§2.2 a file of rules without a group", "disallow: /|disallow: /a", [("newscrawl", "/a", True)]),
    ("§2.2 names of lines fold case", "USER-AGENT: newscrawl|DISALLOW: /a|aLLoW: /a/b", [("newscrawl", "/a", False), ("newscrawl", "/a/b", True)]),
    ("§2.2 white space around name and value", "  user-agent \t:\t newscrawl  |\tdisallow : \t/a ", [("newscrawl", "/a", False), ("newscrawl", "/b", True)]),
    ("§2.2 no white space at all", "user-agent:newscrawl|disallow:/a", [("newscrawl", "/a", False)]),
    ("§2.2.3 comment after a rule", "user-agent: * # all|disallow: /a # not this|allow: /a/b#c", [("newscrawl", "/a", False), ("newscrawl", "/a/b", True)]),
    ("§2.2.3 a commented rule is none", "user-agent: *|#disallow: /", [("newscrawl", "/a", True)]),
    ("§2.2.3 a comment that eats the path", "user-agent: *|disallow: # /a", [("newscrawl", "/a", True)]),
    (GOOGLE + ": a name that only begins so", "user-agent-x: newscrawl|disallow-all: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": white space for a colon", "user-agent newscrawl|disallow /a", [("newscrawl", "/a", False), ("newscrawl", "/b", True)]),
    (GOOGLE + ": three words are no rule", "user-agent: newscrawl|disallow /a /b", [("newscrawl", "/a", True)]),
    (GOOGLE + ": a word alone is no rule", "user-agent: newscrawl|disallow|/a", [("newscrawl", "/a", True)]),
    (GOOGLE + ": typo dissallow", "user-agent: *|dissallow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": typo dissalow", "user-agent: *|dissalow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": typo disalow", "user-agent: *|disalow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": typo diasllow", "user-agent: *|diasllow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": typo disallaw", "user-agent: *|disallaw: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": typo useragent", "useragent: newscrawl|disallow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": typo user agent", "user agent: newscrawl|disallow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": foo is no directive", "foo: newscrawl|bar: /", [("newscrawl", "/a", True)]),
    (GOOGLE + ": a rule of another name", "user-agent: *|noindex: /a|dontallow: /", [("newscrawl", "/a", True)]),
    # ---- groups
    ("§2.2.1 several agents share rules", "user-agent: a|user-agent: newscrawl|disallow: /x", [("newscrawl", "/x", False), ("a", "/x", False), ("b", "/x", True)]),
    ("§2.2.1 groups of one agent merge", "user-agent: newscrawl|disallow: /a||user-agent: b|disallow: /c||user-agent: newscrawl|disallow: /d", [("newscrawl", "/a", False), ("newscrawl", "/d", False), ("newscrawl", "/c", True)]),
    ("§2.2.1 groups of * merge", "user-agent: *|disallow: /a||user-agent: *|disallow: /b", [("newscrawl", "/a", False), ("newscrawl", "/b", False)]),
    ("§2.2.1 the named group beats *", "user-agent: *|disallow: /|user-agent: newscrawl|disallow: /a", [("newscrawl", "/b", True), ("newscrawl", "/a", False), ("x", "/b", False)]),
    ("§2.2.1 the named group beats a later *", "user-agent: newscrawl|allow: /|user-agent: *|disallow: /", [("newscrawl", "/b", True), ("x", "/b", False)]),
    ("§2.2.1 * where none is named", "user-agent: x|disallow: /|user-agent: *|disallow: /a", [("newscrawl", "/a", False), ("newscrawl", "/b", True)]),
    ("§2.2.1 no group at all", "user-agent: x|disallow: /", [("newscrawl", "/a", True)]),
    ("§2.2.1 a blank line does not end a group", "user-agent: newscrawl|||disallow: /a||disallow: /b", [("newscrawl", "/a", False), ("newscrawl", "/b", False)]),
    ("§2.2.1 a blank line does not split agents", "user-agent: x||user-agent: newscrawl|disallow: /a", [("x", "/a", False), ("newscrawl", "/a", False)]),
    ("§2.2.1 a group without rules allows", "user-agent: *|disallow: /|user-agent: newscrawl", [("newscrawl", "/a", True)]),
    ("§2.2.1 a named empty rule allows", "user-agent: *|disallow: /|user-agent: newscrawl|disallow:", [("newscrawl", "/a", True)]),
    ("§2.2.4 an unknown line inside the header", "user-agent: GPTBot|content-signal: ai-train=no|user-agent: newscrawl|disallow: /", [("GPTBot", "/a", False), ("newscrawl", "/a", False)]),
    ("§2.2.4 crawl-delay inside the header", "user-agent: x|crawl-delay: 5|user-agent: newscrawl|disallow: /", [("x", "/a", False), ("newscrawl", "/a", False)]),
    ("§2.2.4 a sitemap inside the header", "user-agent: x|sitemap: https://e.org/s.xml|user-agent: newscrawl|disallow: /", [("x", "/a", False), ("newscrawl", "/a", False)]),
    ("§2.2.4 a sitemap between rules", "user-agent: newscrawl|disallow: /a|sitemap: https://e.org/s|disallow: /b", [("newscrawl", "/b", False)]),
    ("§2.2.4 an unknown line between rules", "user-agent: newscrawl|disallow: /a|host: e.org|clean-param: x|disallow: /b", [("newscrawl", "/b", False)]),
    ("§2.2.4 a comment inside the header", "user-agent: x|# about us|user-agent: newscrawl|disallow: /", [("x", "/a", False), ("newscrawl", "/a", False)]),
    ("§2.2.1 * and a name in one group", "user-agent: *|user-agent: newscrawl|disallow: /a", [("newscrawl", "/a", False), ("x", "/a", False)]),
    # ---- names of agents
    ("§2.2.1 names fold case", "user-agent: NewsCrawl|disallow: /a", [("newscrawl", "/a", False), ("NEWSCRAWL", "/a", False)]),
    ("§2.2.1 a version is no part of the name", "user-agent: newscrawl/2.1|disallow: /a", [("newscrawl", "/a", False)]),
    ("§2.2.1 our own version is no part of it", "user-agent: newscrawl|disallow: /a", [("newscrawl/1.0 (+https://e.org)", "/a", False)]),
    ("§2.2.1 a name that only begins like ours", "user-agent: news|disallow: /", [("newscrawl", "/a", True)]),
    ("§2.2.1 a name that ours begins", "user-agent: newscrawler|disallow: /", [("newscrawl", "/a", True)]),
    ("§2.2.1 a name with a hyphen is another", "user-agent: newscrawl-images|disallow: /", [("newscrawl", "/a", True)]),
    ("§2.2.1 an underscore is part of a name", "user-agent: newscrawl_x|disallow: /", [("newscrawl", "/a", True)]),
    ("§2.2.1 our name before a remark", "user-agent: newscrawl|disallow: /a", [("newscrawl (+https://e.org)", "/a", False), ("newscrawl(x)", "/a", False)]),
    ("§2.2.1 the first word of a whole field", "user-agent: figtree|disallow: /a", [("FigTree Robot libwww-perl/5.04", "/a", False)]),
    ("§2.2.1 never a word of the full UA string", "user-agent: spider|disallow: /", [("newscrawl/1 (+https://e.org/spider)", "/a", True)]),
    ("§2.2.1 never 'compatible'", "user-agent: compatible|disallow: /", [("newscrawl/1 (compatible)", "/a", True)]),
    ("§2.2.1 another project's name", "user-agent: scrapy|disallow: /", [("newscrawl", "/a", True)]),
    (GOOGLE + ": up to the first space", "user-agent: newscrawl image|disallow: /", [("newscrawl", "/a", False)]),
    (GOOGLE + ": an agent with a space is none", "user-agent: *|disallow: /|user-agent: foo bar|allow: /x/|disallow: /", [("foo", "/x/y", True), ("foo bar", "/x/y", False)]),
    (GOOGLE + ": up to the first other sign", "user-agent: newscrawl, x|disallow: /", [("newscrawl", "/a", False), ("x", "/a", True)]),
    (GOOGLE + ": * and white space is everyone", "user-agent: * baz|disallow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": *x is nobody", "user-agent: *x|disallow: /a", [("newscrawl", "/a", True), ("x", "/a", True)]),
    (GOOGLE + ": an empty agent is nobody", "user-agent:|disallow: /a", [("newscrawl", "/a", True)]),
    ("names with a digit are met in full", "user-agent: AI2Bot|disallow: /", [("AI2Bot", "/a", False), ("AI3Bot", "/a", True)]),
    # ---- longest match
    ("§2.2.2 allow is longer", "user-agent: *|disallow: /x|allow: /x/page.html", [("newscrawl", "/x/page.html", True), ("newscrawl", "/x/", False)]),
    ("§2.2.2 disallow is longer", "user-agent: *|allow: /p|disallow: /page", [("newscrawl", "/page", False), ("newscrawl", "/p", True)]),
    ("§2.2.2 the order is of no account", "user-agent: *|allow: /x/page.html|disallow: /x/", [("newscrawl", "/x/page.html", True), ("newscrawl", "/x/other", False)]),
    ("§2.2.2 of equals allow", "user-agent: *|disallow: /a|allow: /a", [("newscrawl", "/a", True)]),
    ("§2.2.2 of equals allow, other order", "user-agent: *|allow: /a|disallow: /a", [("newscrawl", "/a", True)]),
    ("§2.2.2 of two roots allow", "user-agent: *|disallow: /|allow: /", [("newscrawl", "/a", True)]),
    ("§2.2.2 across merged groups", "user-agent: *|allow: /a/b|user-agent: x|disallow: /|user-agent: *|disallow: /a", [("newscrawl", "/a/b", True), ("newscrawl", "/a/c", False)]),
    ("§2.2.2 a wildcard counts as an octet", "user-agent: *|disallow: /a*|allow: /a", [("newscrawl", "/ab", False)]),
    ("§2.2.2 longer by a wildcard and more", "user-agent: *|allow: /page|disallow: /*.html", [("newscrawl", "/page.html", False), ("newscrawl", "/page", True)]),
    (GOOGLE + ": /$ beats /", "user-agent: *|disallow: /|allow: /$", [("newscrawl", "/", True), ("newscrawl", "/a", False)]),
    ("§2.2.2 encoded octets count", "user-agent: *|disallow: /ツ|allow: /*****", [("newscrawl", "/ツ", False)]),
    ("§2.2.2 paths respect case", "user-agent: *|disallow: /A", [("newscrawl", "/a", True), ("newscrawl", "/A", False)]),
    ("§2.2.2 a path is a prefix", "user-agent: *|disallow: /fish", [("newscrawl", "/fish", False), ("newscrawl", "/fish.html", False), ("newscrawl", "/fishheads/a", False), ("newscrawl", "/catfish", True), ("newscrawl", "/Fish", True)]),
    ("§2.2.2 a folder with its slash", "user-agent: *|disallow: /fish/", [("newscrawl", "/fish/", False), ("newscrawl", "/fish/a?b=c", False), ("newscrawl", "/fish", True), ("newscrawl", "/fish.html", True)]),
    ("§2.2.2 a path without a slash matches nothing", "user-agent: *|disallow: fish", [("newscrawl", "/fish", True)]),
    ("§2.2.2 /robots.txt is allowed", "user-agent: *|disallow: /", [("newscrawl", "/robots.txt", True), ("newscrawl", "/robots.txtx", False)]),
    # ---- wildcards
    ("§2.2.3 * in the middle", "user-agent: *|disallow: /this/*/exactly", [("newscrawl", "/this/is/exactly", False), ("newscrawl", "/this/exactly", True), ("newscrawl", "/this/a/b/exactly/c", False)]),
    ("§2.2.3 * may be nothing", "user-agent: *|disallow: /a*b", [("newscrawl", "/ab", False), ("newscrawl", "/axxb", False), ("newscrawl", "/ax", True)]),
    ("§2.2.3 * at the end", "user-agent: *|disallow: /fish*", [("newscrawl", "/fish", False), ("newscrawl", "/fishes", False), ("newscrawl", "/fis", True)]),
    ("§2.2.3 * at the start", "user-agent: *|disallow: *.php", [("newscrawl", "/a.php", False), ("newscrawl", "/a.php5", False), ("newscrawl", "/a.html", True)]),
    ("§2.2.3 * after the slash", "user-agent: *|disallow: /*.php", [("newscrawl", "/index.php", False), ("newscrawl", "/x/y.php?z", False), ("newscrawl", "/", True), ("newscrawl", "/x.PHP", True)]),
    ("§2.2.3 $ ends the path", "user-agent: *|disallow: /*.php$", [("newscrawl", "/a.php", False), ("newscrawl", "/a.php?x", True), ("newscrawl", "/a.php/", True), ("newscrawl", "/a.php5", True)]),
    ("§2.2.3 $ without a *", "user-agent: *|disallow: /a$", [("newscrawl", "/a", False), ("newscrawl", "/a/", True), ("newscrawl", "/ab", True)]),
    ("§2.2.3 * and $ together", "user-agent: *|disallow: /a*$", [("newscrawl", "/abc", False)]),
    ("§2.2.3 parts stand in their order", "user-agent: *|disallow: /*a*b*c", [("newscrawl", "/xaxbxc", False), ("newscrawl", "/xcxbxa", True)]),
    ("§2.2.3 parts do not overlap", "user-agent: *|disallow: /aba*aba$", [("newscrawl", "/aba", True), ("newscrawl", "/ababa", True), ("newscrawl", "/abaaba", False)]),
    ("§2.2.3 the last part is the last one", "user-agent: *|disallow: /*x$", [("newscrawl", "/axbx", False), ("newscrawl", "/axb", True)]),
    ("§2.2.3 several * in a row", "user-agent: *|disallow: /a***b", [("newscrawl", "/ab", False), ("newscrawl", "/axb", False)]),
    ("§2.2.3 $ in the middle is a sign", "user-agent: *|disallow: /a$b", [("newscrawl", "/a$b", False), ("newscrawl", "/a", True), ("newscrawl", "/ab", True)]),
    ("§2.2.3 two $: the last one ends", "user-agent: *|disallow: /a$$", [("newscrawl", "/a$", False), ("newscrawl", "/a$b", True)]),
    ("§2.2.3 %2A is a star", "user-agent: *|disallow: /file-with-a-%2A.html", [("newscrawl", "/file-with-a-*.html", False), ("newscrawl", "/file-with-a-b.html", True)]),
    ("§2.2.3 %24 is a dollar", "user-agent: *|disallow: /foo-%24", [("newscrawl", "/foo-$", False), ("newscrawl", "/foo-", True), ("newscrawl", "/foo-$x", False)]),
    ("§2.2.3 a rule of * alone", "user-agent: *|disallow: *", [("newscrawl", "/a", False), ("newscrawl", "/", False)]),
    ("§2.2.3 regex signs are plain", "user-agent: *|disallow: /a.b+(c)[d]", [("newscrawl", "/a.b+(c)[d]", False), ("newscrawl", "/axb+(c)[d]", True)]),
    # ---- queries, fragments, addresses
    ("§2.2.2 a query is part of the path", "user-agent: *|disallow: /a?b=1", [("newscrawl", "/a?b=1", False), ("newscrawl", "/a?b=2", True), ("newscrawl", "/a", True)]),
    ("§2.2.2 any query", "user-agent: *|disallow: /*?", [("newscrawl", "/a?b", False), ("newscrawl", "/a", True)]),
    ("§2.2.2 a query within a query", "user-agent: *|disallow: /|allow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par", [("newscrawl", "http://foo.bar/foo/bar?qux=taz&baz=http://foo.bar?tar&par", True)]),
    (GOOGLE + ": a fragment is dropped", "user-agent: *|disallow: /a$", [("newscrawl", "https://e.org/a#b", False)]),
    (GOOGLE + ": a fragment before a slash", "user-agent: *|disallow: /a|allow: /$", [("newscrawl", "https://e.org#/a", True)]),
    (GOOGLE + ": a host alone is the root", "user-agent: *|disallow: /$", [("newscrawl", "https://e.org", False), ("newscrawl", "https://e.org/a", True)]),
    (GOOGLE + ": a query on the host", "user-agent: *|disallow: /?q", [("newscrawl", "https://e.org?q=/a", False)]),
    (GOOGLE + ": parameters on the host", "user-agent: *|disallow: /;p", [("newscrawl", "https://e.org;p", False)]),
    (GOOGLE + ": no scheme", "user-agent: *|disallow: /a", [("newscrawl", "e.org/a", False), ("newscrawl", "//e.org/a", False), ("newscrawl", "e.org/b//a", True)]),
    (GOOGLE + ": a scheme inside a path", "user-agent: *|disallow: /b", [("newscrawl", "e.org/a://c/b", True)]),
    ("§2.2.2 port and user do not matter", "user-agent: *|disallow: /a", [("newscrawl", "https://u:p@e.org:8443/a", False)]),
    # ---- percent-encoding
    ("§2.2.2 table, row 1", "user-agent: *|disallow: /foo/bar?baz=quz", [("newscrawl", "/foo/bar?baz=quz", False)]),
    ("§2.2.2 table, row 2", "user-agent: *|disallow: /foo/bar?baz=https://foo.bar", [("newscrawl", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", False), ("newscrawl", "/foo/bar?baz=https://foo.bar", False)]),
    ("§2.2.2 table, row 3", "user-agent: *|disallow: /foo/bar/ツ", [("newscrawl", "/foo/bar/%E3%83%84", False), ("newscrawl", "/foo/bar/ツ", False)]),
    ("§2.2.2 table, row 4", "user-agent: *|disallow: /foo/bar/%E3%83%84", [("newscrawl", "/foo/bar/%E3%83%84", False), ("newscrawl", "/foo/bar/ツ", False), ("newscrawl", "/foo/bar/%e3%83%84", False)]),
    ("§2.2.2 table, row 5", "user-agent: *|disallow: /foo/bar/%62%61%7A", [("newscrawl", "/foo/bar/baz", False), ("newscrawl", "/foo/bar/%62%61%7A", False)]),
    ("§2.2.2 hexadecimal digits fold case", "user-agent: *|disallow: /a%3cd.html", [("newscrawl", "/a%3Cd.html", False), ("newscrawl", "/a%3cd.html", False)]),
    ("§2.2.2 an encoded slash is no slash", "user-agent: *|disallow: /a%2fb.html", [("newscrawl", "/a%2Fb.html", False), ("newscrawl", "/a/b.html", True)]),
    ("§2.2.2 a slash is no encoded slash", "user-agent: *|disallow: /a/b.html", [("newscrawl", "/a%2fb.html", True)]),
    ("§2.2.2 a tilde either way", "user-agent: *|disallow: /%7ejoe/index.html", [("newscrawl", "/~joe/index.html", False)]),
    ("§2.2.2 a tilde the other way", "user-agent: *|disallow: /~joe/", [("newscrawl", "/%7Ejoe/x", False)]),
    ("§2.2.2 a lone percent sign is plain", "user-agent: *|disallow: /100%", [("newscrawl", "/100%", False), ("newscrawl", "/100%25", False), ("newscrawl", "/100", True)]),
    ("§2.2.2 half an escape is plain", "user-agent: *|disallow: /a%2", [("newscrawl", "/a%2", False), ("newscrawl", "/a%zz", True)]),
    ("§2.2.2 a space either way", "user-agent: *|disallow: /foo bar", [("newscrawl", "/foo%20bar", False), ("newscrawl", "/foo bar", False)]),
    ("§2.2.2 an encoded ampersand is another", "user-agent: *|disallow: /a?x=1&y", [("newscrawl", "/a?x=1%26y", True)]),
    ("§2.2.2 an encoded ? is in the path", "user-agent: *|disallow: /a?b", [("newscrawl", "/a%3Fb", True)]),
    ("§2.2.2 encoded twice is another", "user-agent: *|disallow: /%257E", [("newscrawl", "/~", True), ("newscrawl", "/%7E", True), ("newscrawl", "/%257E", False)]),
    ("§2.3 octets that are no UTF-8", b"user-agent: *\ndisallow: /caf\xe9", [("newscrawl", "/caf%E9", False), ("newscrawl", "/café", True)]),
    # ---- bytes and lines
    ("§2.3 a UTF-8 byte order mark", b"\xef\xbb\xbfuser-agent: newscrawl\ndisallow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": two octets of the mark", b"\xef\xbbuser-agent: newscrawl\ndisallow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": one octet of the mark", b"\xefuser-agent: newscrawl\ndisallow: /a", [("newscrawl", "/a", False)]),
    (GOOGLE + ": a broken mark spoils the line", b"\xef\x11\xbfuser-agent: newscrawl\ndisallow: /a", [("newscrawl", "/a", True)]),
    (GOOGLE + ": a mark inside spoils its line", b"user-agent: newscrawl\n\xef\xbb\xbfdisallow: /a", [("newscrawl", "/a", True)]),
    ("UTF-16, little end first, by its mark", "﻿user-agent: newscrawl\ndisallow: /ä".encode("utf-16-le"), [("newscrawl", "/ä", False), ("newscrawl", "/b", True)]),
    ("UTF-16, big end first, by its mark", "﻿user-agent: newscrawl\r\ndisallow: /a".encode("utf-16-be"), [("newscrawl", "/a", False)]),
    ("UTF-16 with half a unit at its end", "﻿user-agent: newscrawl\ndisallow: /a\n".encode("utf-16-le") + b"x", [("newscrawl", "/a", False)]),
    ("§2.2 CR LF", b"user-agent: newscrawl\r\ndisallow: /a\r\n", [("newscrawl", "/a", False)]),
    ("§2.2 CR alone", b"user-agent: newscrawl\rdisallow: /a\rdisallow: /b", [("newscrawl", "/a", False), ("newscrawl", "/b", False)]),
    ("§2.2 line ends mixed", b"user-agent: newscrawl\rdisallow: /a\r\n\ndisallow: /b\n\r", [("newscrawl", "/a", False), ("newscrawl", "/b", False)]),
    ("§2.2 the last line without an end", b"user-agent: newscrawl\ndisallow: /a", [("newscrawl", "/a", False)]),
    ("§2.2 NEL and VT end no line", b"user-agent: newscrawl\ndisallow: /a\x85\x0bdisallow: /b", [("newscrawl", "/b", True)]),
    (GOOGLE + ": a very long line is cut", f"user-agent: *|disallow: {LONG}/q", [("newscrawl", LONG[:16640] + "/z", True), ("newscrawl", LONG + "/z", False)]),
    (GOOGLE + ": a very long allow is cut", f"user-agent: *|disallow: /|allow: {LONG}/q", [("newscrawl", LONG + "/z", True), ("newscrawl", "/", False)]),
    ("§2.5 what follows a very long line counts", f"user-agent: *|foo: {'x' * 100000}|disallow: /a", [("newscrawl", "/a", False)]),
    ("HTML in place of rules", "<!DOCTYPE html>|<html><head><title>404</title>|<style>a { width: 1px }</style>", [("newscrawl", "/a", True)]),
    ("HTML around rules", "<pre>|user-agent: *|disallow: /a|</pre>", [("newscrawl", "/a", False)]),
    # ---- whole files, as sites write them
    ("§2.2.1 all but one", "User-agent: newscrawl|Allow: /|User-agent: *|Disallow: /", [("newscrawl", "/a", True), ("x", "/a", False)]),
    ("§2.2.1 one kept out", "User-agent: newscrawl|Disallow: /|User-agent: *|Disallow:", [("newscrawl", "/a", False), ("x", "/a", True)]),
    ("§2.2.2 a folder but a file in it", "User-agent: *|Disallow: /wp-admin/|Allow: /wp-admin/admin-ajax.php", [("newscrawl", "/wp-admin/x", False), ("newscrawl", "/wp-admin/admin-ajax.php?y", True)]),
    ("§2.2.2 nothing but the front page", "User-agent: *|Disallow: /|Allow: /$|Allow: /news/", [("newscrawl", "/", True), ("newscrawl", "/news/a", True), ("newscrawl", "/b", False)]),
    ("§2.2.3 tracking parameters", "User-agent: *|Disallow: /*?*utm_source=", [("newscrawl", "/a?b=c&utm_source=d", False), ("newscrawl", "/a?utm_medium=d", True)]),
    ("§2.2.3 print views", "User-agent: *|Disallow: /*/print$|Disallow: /print/", [("newscrawl", "/a/print", False), ("newscrawl", "/a/printed", True), ("newscrawl", "/print/a", False)]),
    ("§2.2.3 languages", "User-agent: *|Disallow: /*/search|Allow: /en/search/help", [("newscrawl", "/en/search?q", False), ("newscrawl", "/en/search/help", True)]),
    ("§2.2.4 crawl-delay before the rules", "User-agent: *|Crawl-delay: 10|Disallow: /a", [("newscrawl", "/a", False), ("newscrawl", "/b", True)]),
    ("§2.2.4 AIPREF lines between the rules", "User-agent: *|Allow: /|Content-Usage: train-ai=n|Disallow: /a", [("newscrawl", "/a", False), ("newscrawl", "/b", True)]),
    ("§2.2.4 an RSL line first", "License: https://e.org/l.xml|User-agent: *|Disallow: /a", [("newscrawl", "/a", False), ("newscrawl", "/b", True)]),
    # ---- the open parser's kindness to index files
    (GOOGLE + ": index.html is its folder", "user-agent: *|disallow: /|allow: /x/index.html", [("newscrawl", "/x/", True), ("newscrawl", "/x/index.html", True), ("newscrawl", "/x/index.htm", False), ("newscrawl", "/x/y", False), ("newscrawl", "/", False)]),
    (GOOGLE + ": index.htm is its folder", "user-agent: *|disallow: /|allow: /index.htm", [("newscrawl", "/", True), ("newscrawl", "/index.html", True)]),
    (GOOGLE + ": only for allow", "user-agent: *|disallow: /x/index.html", [("newscrawl", "/x/", True), ("newscrawl", "/x/index.html", False)]),
]  # fmt: skip

ROWS = [
    pytest.param(text if isinstance(text, bytes) else text.replace("|", "\n").encode(), agent, url, allowed, id=f"{source} ({agent[:12]} {url[:40]})")
    for source, text, asks in CASES
    for agent, url, allowed in asks
]  # fmt: skip


@pytest.mark.parametrize(("body", "agent", "url", "allowed"), ROWS)
def test_a_rule_means_what_its_standard_says(body: bytes, agent: str, url: str, allowed: bool) -> None:
    address = url if not url.startswith("/") or url.startswith("//") else f"https://example.org{url}"
    assert robots.parse(body).allowed(address, agent) is allowed


def test_the_table_is_as_long_as_promised() -> None:
    assert len(CASES) >= 150
    assert len(ROWS) >= 250


def test_what_lies_beyond_500_kib_is_cut_at_a_line_end() -> None:
    filler = b"#" + b"x" * 98 + b"\n"
    head = b"user-agent: *\n"
    body = head + filler * 5119  # 511,914 octets: the next line is cut in its midst
    rules = robots.parse(body + b"disallow: /private-and-much-longer-than-the-rest-" + b"a" * 90 + b"\ndisallow: /b\n")
    assert rules.flags == ("cut",)
    assert rules.allowed("https://example.org/private")
    assert rules.allowed("https://example.org/b")
    assert rules.allowed("https://example.org/private-and-much-longer-than-the-rest-aaaa")


def test_at_least_500_kib_are_read() -> None:
    last = b"disallow: /last\n"
    body = b"user-agent: *\n".ljust(500 * 1024 - len(last) - 1, b"#") + b"\n" + last
    assert len(body) == 500 * 1024
    assert not robots.parse(body).allowed("https://example.org/last")
    assert not robots.parse(body + b"disallow: /a\n").allowed("https://example.org/last")


def test_a_match_names_group_and_line() -> None:
    rules = robots.parse(b"# hello\nuser-agent: *\nDisallow: /a # why\n\nuser-agent: x\nallow: /")
    assert rules.match("https://e.org/a") == (False, "*", "line 3: Disallow: /a # why")
    assert rules.match("https://e.org/b") == (True, "*", None)
    assert rules.match("https://e.org/b", "X") == (True, "x", "line 6: allow: /")
    assert robots.parse(b"").match("https://e.org/b") == (True, None, None)


@pytest.mark.parametrize(
    ("text", "agent", "seconds"),
    [
        ("user-agent: *\ncrawl-delay: 10", "newscrawl", 10.0),
        ("user-agent: *\nCrawl-Delay: 0.5\ndisallow: /a", "newscrawl", 0.5),
        ("user-agent: *\ncrawl-delay: 10s", "newscrawl", 10.0),
        ("user-agent: *\ncrawl-delay: soon", "newscrawl", None),
        ("user-agent: *\ncrawl-delay: -1", "newscrawl", None),
        ("user-agent: *\ncrawl-delay: nan", "newscrawl", None),
        ("user-agent: *\ncrawl-delay: inf", "newscrawl", None),
        ("user-agent: *\ncrawl-delay:", "newscrawl", None),
        ("user-agent: *\ncrawl-delay: 10\nuser-agent: newscrawl\ndisallow: /a", "newscrawl", None),
        ("user-agent: *\ndisallow: /b\ncrawl-delay: 10\n\nuser-agent: newscrawl\ndisallow: /a", "newscrawl", None),
        ("user-agent: newscrawl\ncrawl-delay: 3\nallow: /\nuser-agent: newscrawl\ncrawl-delay: 5", "newscrawl", 5.0),
        ("user-agent: x\ncrawl-delay: 3\nuser-agent: newscrawl\nallow: /", "newscrawl", None),
        ("crawl-delay: 3", "newscrawl", None),
    ],
)
def test_a_crawl_delay_is_that_of_the_agents_own_group(text: str, agent: str, seconds: float | None) -> None:
    assert robots.parse(text.encode()).crawl_delay(agent) == seconds


def test_sitemaps_stand_anywhere() -> None:
    rules = robots.parse("Sitemap: https://e.org/ü.xml\nuser-agent: x\nsite-map: https://e.org/b.xml\n".encode())
    assert rules.sitemaps == ("https://e.org/ü.xml", "https://e.org/b.xml")
