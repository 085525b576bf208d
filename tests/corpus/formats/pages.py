"""Small pages of many forms, as the bytes of their files."""

SAID = (
    "The council of Orrin voted on Monday for a bridge over the Lenn, which will cost 4.2 million crowns.",
    "The ferry goes on until the bridge opens in the spring, the harbour master said.",
    "Nobody who lives on the far bank was asked, and a second vote is to follow in June.",
    "Its arches are made of the stone of the old mill, which burned down forty years ago.",
    "The mayor, who opposed it for ten years, now says that it was the best decision of her time in office.",
    "Of the 54 men who worked at the piers, two fell into the river in March, and both were saved by the ferry.",
    "Each household pays eleven crowns a year for it, and farms pay three times as much until the debt is gone.",
    "An engineer of the province looks at it every second summer and writes down what he sees.",
)
ALL = "".join(f"<p>{line}</p>" for line in SAID)


def page(body, head="<title>A bridge for Orrin</title>", html='<!DOCTYPE html><html lang="en">', encoding="utf-8"):
    return f"{html}<head>{head}</head><body>{body}</body></html>".encode(encoding)


def page_of(body):
    return page(f"<article>{body}</article>")


PAGES = {
    "paragraphs": page_of(f"<h1>A bridge for Orrin</h1>{ALL}"),
    "article between menus": page(
        f"<nav><ul><li><a href=/>News</a></li><li><a href=/s>Sport</a></li></ul></nav><article><h1>News</h1>{ALL}<h2>Sport</h2>{ALL}</article>"
        "<footer><p>All rights reserved. The council of Orrin voted.</p></footer>"
    ),
    "lists": page_of(
        f"{ALL}<ul><li>The first arch</li><li>The <b>second</b> arch<ul><li>its stone</li></ul></li></ul><ol><li>One</li><li>Two</li></ol>"
    ),
    "descriptions": page_of(f"{ALL}<dl><dt>Arch</dt><dd>What carries the road.</dd><dt>Pier</dt><dd>What carries the arch.</dd></dl>"),
    "table": page_of(
        f"{ALL}<table><caption>Towns</caption><thead><tr><th>Town</th><th>Founded</th></tr></thead>"
        "<tbody><tr><td>Orrin</td><td>1540</td></tr><tr><td>Lenn</td><td>1602</td></tr></tbody></table>"
    ),
    "table with blocks and bars": page_of(
        f"{ALL}<table><tr><th>Town</th><th>Known | told</th></tr>"
        "<tr><td><p>Orrin</p><ul><li>bridge</li><li>mill</li></ul></td><td>a|b<br>c</td></tr></table>"
    ),
    "layout table": page(f'<table role="presentation"><tr><td>{ALL}</td><td><p>{SAID[0]} Beside it.</p></td></tr></table>'),
    "figure": page(f"<article>{ALL}<figure><img src=b.jpg><figcaption>The bridge in May.</figcaption></figure>{ALL[:200]}</p></article>"),
    "quotations": page_of(
        f"{ALL}<blockquote><p>She said:</p><blockquote>It <em>will</em> open.</blockquote></blockquote><p>He asked <q>when</q> it would.</p>"
    ),
    "preformatted": page_of(f"{ALL}<pre>arch 1    12 m\n  arch 2  14 m\n</pre><p>In all <code>26 m</code>.</p>"),
    "inline": page_of(
        f"<p>Wa<b>ter</b> is H<sub>2</sub>O, <i>the</i> <a href=x>river <strong>Lenn</strong></a> is <del>long</del> <ins>wide</ins>,"
        f" seen on <time>Monday</time> by <span><span>many</span></span>.</p>{ALL}"
    ),
    "line breaks": page(f"<div>{'<br>'.join(SAID)}<br><br>And so on.</div>"),
    "entities": page_of(f"{ALL}<p>Caf&eacute; &amp; mill &#8220;Lenn&#8221; &lt;old&gt;&nbsp;&ndash; it&#146;s &#x1F309; so&shy;ft a&zwj;b.</p>"),
    "unclosed": page(f"<p>{SAID[0]}<p>{SAID[1]}<ul><li>one<li>two</ul><div><p>{SAID[2]}</div></b></i>{SAID[3]}"),
    "no body": f"<!DOCTYPE html><title>A bridge</title><p>{SAID[0]}<p>{SAID[1]}".encode(),
    "bare prose": f"<html><body>{SAID[0]} {SAID[1]}\n\n{SAID[2]}\n{SAID[3]}</body></html>".encode(),
    "print version": page(f"<font face=serif><b>A bridge for Orrin</b><br><br>{SAID[0]}<br><br>{SAID[1]}<br><br>{SAID[2]}</font>"),
    "XHTML": page(
        ALL.replace("spring,", "spring,<br/>"),
        head='<meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>A bridge</title>',
        html='<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">',
    ),
    "everything in a form": page(f'<form id="aspnetForm"><div id="content">{ALL}<input value=x><label>Your name</label></div></form>'),
    "details": page(f"<main>{ALL}<details><summary>How long it took</summary><p>Some four years, since the stone was far away.</p></details></main>"),
    "office": page(
        f'{ALL}<p class="MsoNormal"><o:p>{SAID[0].replace("Monday", "Tuesday")}</o:p></p><o:p><p>Words in an element with a colon.</p></o:p>'
    ),
    "composed letters": page(f"<p>Cafe\u0301 Ru\u0308ti, wh\u200bere it \u201copened\u201d\u00a0\u2013 \ufb01ve \U0001f309 arches.</p>{ALL}"),
    "right to left": page(
        "".join(f"<p>{line}</p>" for line in ("افتتح الجسر في الربيع بعد أربع سنوات من العمل.", "قال المجلس إن العبارة مستمرة.") * 2)
    ),
    "forum": page(
        f'<script type="application/ld+json">{{"@type": "DiscussionForumPosting"}}</script>'
        f'<div class="comments">{ALL}<p>Another post, on the arches.</p></div>'
    ),
    "boxes": page(
        f'<article><h1>A bridge for Orrin</h1><section class="ai-summary"><h2>In short</h2><ul><li>A bridge was decided on.</li></ul></section>{ALL}'
        "<div><h3>AI-generated summary</h3><p>It opens in the spring.</p></div>"
        '<div class="storyTimestamp"><p>Updated on Tuesday at noon.</p></div><div id="mostRead"><p>The old mill burns.</p></div>'
        '<p class="pub-date">3 May 2021</p><div class="donate_box"><p>Give what you can.</p></div>'
        '<div class="article-correction"><p>It costs 4.2 million crowns, and not 42.</p></div></article>'
    ),
}
