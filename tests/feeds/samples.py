"""Feeds of our own writing, one of each kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel><title>The brewery &amp;amp; its dog</title><link>https://brew.example/</link>
<description>News of &lt;b&gt;beer&lt;/b&gt;</description><language>fr-BE</language>
<atom:link rel="self" href="https://brew.example/feed.xml"/><atom:link rel="hub" href="https://hub.example/"/>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency><ttl>90</ttl>
<image><title>logo</title><url>/logo.png</url><link>https://brew.example/elsewhere</link></image>
<lastBuildDate>Tue, 10 Mar 2026 08:00:00 +0100</lastBuildDate>
<managingEditor>ann@brew.example (Ann Onyme)</managingEditor>
<item><title>Une bière &lt; 5&#xB0;</title><link>/2026/biere?a=1&amp;b=2</link>
<guid isPermaLink="false">brew-17</guid>
<pubDate>Mon, 09 Mar 2026 18:30:00 +0100</pubDate><dc:creator>Bob</dc:creator><dc:creator>Zo&#xE9;</dc:creator>
<category domain="x">Houblon</category><category><![CDATA[Malt & co]]></category>
<comments>/2026/biere#talk</comments>
<description>Short.</description>
<content:encoded><![CDATA[<p onclick="x()">Long, with <a href="../dog">a dog</a> and <img src="https://spy.example/1.gif">
<script>alert(1)</script><b>words</b>.</p><ul><li>one<li>two</ul>]]></content:encoded></item>
<item><guid>https://brew.example/2026/dog</guid>
<description>No title, no link &amp;amp; a guid that is one</description></item>
<item><title>Neither</title><description>guid nor link</description><pubDate>yesterday</pubDate></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://atelier.example/blog/" xml:lang="fr">
<title type="html">L&amp;#8217;atelier</title><subtitle>Bois</subtitle><id>urn:feed:1</id>
<link href="."/><link rel="self" href="atom.xml"/><updated>2026-03-01T10:00:00Z</updated><logo>/logo.svg</logo>
<author><name>Maud</name><email>maud@atelier.example</email></author>
<entry xml:base="2026/"><title type="text">&lt;b&gt; is a tag</title><id>urn:entry:1</id>
<link href="rabot.html"/>
<link rel="enclosure" href="plan.pdf" type="application/pdf" length="12345" title="The plan"/>
<published>2026-02-28T23:00:00-01:00</published><updated>2026-03-01T09:30:00.5+01:00</updated>
<category term="w" label="Wood"/><category term="tools"/>
<summary>In short</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>See <a href="scie.html">the saw</a>.</p>
</div></content>
</entry>
<entry><title>Second</title><id>urn:entry:2</id><author><name>Luc</name></author><updated>2026-03-01</updated>
<content src="https://elsewhere.example/page" type="text/html"/>
<summary type="html">&lt;p&gt;Out of line&lt;/p&gt;</summary></entry>
</feed>"""

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://old.example/"><title>Old</title><link>http://old.example/</link></channel>
<item rdf:about="http://old.example/1"><title>First</title><link>http://old.example/1</link>
<dc:date>2004-05-06T07:08:09+02:00</dc:date><dc:creator>Ada</dc:creator><dc:subject>History</dc:subject>
<description>Words</description></item></rdf:RDF>"""

PODCAST = """<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:media="http://search.yahoo.com/mrss/"><channel><title>On air</title><itunes:author>Ann</itunes:author>
<itunes:image href="https://air.example/cover.jpg"/>
<itunes:new-feed-url>https://air.example/new.xml</itunes:new-feed-url>
<item><title>One</title><itunes:author>Ann and Bob</itunes:author>
<itunes:summary>What is said in it</itunes:summary>
<enclosure url="https://air.example/1/episode%20one.mp3?t=1" length="1048576" type="audio/mpeg"/>
<itunes:keywords>bread, butter</itunes:keywords><guid>one</guid></item>
<item><title>Two</title><description>A film</description><guid>two</guid>
<media:group><media:title>Not the title</media:title>
<media:description>Not the text, though long it is</media:description>
<media:content url="https://air.example/2.mp4" fileSize="99" type="video/mp4"/>
<media:thumbnail url="https://air.example/2.jpg"/></media:group></item></channel></rss>"""

JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Notes",
"home_page_url": "https://notes.example/",
"feed_url": "/feed.json", "icon": "icon.png", "authors": [{"name": "Ann"}], "language": "en",
"hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "items": [
{"id": 7, "url": "/7", "title": "Seven", "content_html": "<p>Hi <a href='x'>x</a><script>1</script></p>",
 "summary": "Hi", "date_published": "2026-01-02T03:04:05+01:00", "date_modified": "2026-01-03", "tags": ["a",
"b", "a", 3],
 "authors": [{"name": "Bob"}, {"url": "x"}, "no"], "image": "https://notes.example/i.png", "banner_image": null,
 "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 17,
"title": "A"}, {"url": "javascript:x"}]},
{"id": "8", "external_url": "https://other.example/", "content_text": "a < b\\n\\n&amp; c",
"author": {"name": "Old"}},
"nothing", {"content_text": ""}]}"""


def rss(items: str = "", channel: str = "") -> bytes:
    """A feed with so much in it."""
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>T</title>{channel}{items}</channel></rss>"
    ).encode()


def item(title: str = "", html: str = "", more: str = "") -> str:
    return f"<item><title>{escape(title)}</title><description>{escape(html)}</description>{more}</item>"


def json_feed(items: Sequence[object]) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1", "title": "T", "items": items})


PAGE = """<html><head><title>The brewery</title>
<link rel="alternate" type="application/rss+xml" title="Posts" href="/feed">
<link rel="alternate" type="application/atom+xml" title="Comments" href="comments.atom"></head><body>Hello"""
