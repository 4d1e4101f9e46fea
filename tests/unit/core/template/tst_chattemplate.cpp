// The template language, feature by feature. The expected texts were made with Jinja2 3.1.6, trim_blocks and
// lstrip_blocks on, tojson as in the transformers library.
#include "core/base/json.h"
#include "core/template/chattemplate.h"
#include "tests/support/testdata.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace trilobit;

namespace {

struct Row {
    const char* source;
    const char* expected;
};

constexpr const char* kContext =
    R"({"n": 7, "f": 2.5, "s": "Hello World", "u": "naïve Ünï 語", "b": true, "z": null, "l": [3, 1, 2], "e": [], "d": {"b": 1, "a": "x", "items": 5},
 "o": [{"n": "B", "k": 2}, {"n": "a", "k": 1}, {"n": "c", "k": 2}], "p": "  pad\n"})";

// clang-format off
constexpr Row kRows[] = {
        // white space control
        {"a\n{% if b %}\n  x\n{% endif %}\ny", "a\n  x\ny"},
        {"a\n  {% if b %}\n  x\n  {% endif %}\ny", "a\n  x\ny"},
        {"a  {%- if b -%}  x  {%- endif -%}  y", "axy"},
        {"a \n {{- n -}} \n b", "a7b"},
        {"  {%+ if b %}x{% endif +%}\ny", "  x\ny"},
        {"x {# note #} y\n{# line #}\nz", "x  y\nz"},
        {"{# a -#}   b", "b"},
        {"last line\n", "last line"},
        {"{% raw %}{{ not }} {% this %}{% endraw %}!", "{{ not }} {% this %}!"},
        {"a\n\n{% set q = 1 %}\n\nb", "a\n\n\nb"},
        // literals and printing
        {"{{ 'a\\n\\t\\'\\\\\\x41\\u00e9' }}|{{ \"it's\" }}|{{ 'a' 'b' }}", "a\n\t'\\Aé|it's|ab"},
        {"{{ 1 }} {{ 1.0 }} {{ 1e3 }} {{ 1e16 }} {{ 0.00001 }} {{ 1_000 }} {{ 2.50 }}", "1 1.0 1000.0 1e+16 1e-05 1000 2.5"},
        {"{{ true }} {{ True }} {{ none }} {{ None }} {{ missing }}", "True True None None "},
        {"{{ [1, 'a', none, true, 1.5] }} {{ {'a': 1, 'b': [2]} }} {{ (1, 2) }} {{ (1,) }} {{ () }}", "[1, 'a', None, True, 1.5] {'a': 1, 'b': [2]} (1, 2) (1,) ()"},
        {"{{ [\"it's\", 'q\"q', 'both\\'\"', 'new\\nline', 'é'] }}", "[\"it's\", 'q\"q', 'both\\'\"', 'new\\nline', 'é']"},
        {"{{ d }} {{ l }} {{ e }} {{ z }}", "{'b': 1, 'a': 'x', 'items': 5} [3, 1, 2] [] None"},
        {"{{ 1, 2 }}", "(1, 2)"},
        // arithmetic
        {"{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 7.5 // 2 }} {{ 7.5 % 2 }}", "3 -4 1 2 3.5 1024 0.5 3.0 1.5"},
        {"{{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 10 - 2 - 3 }} {{ -n }} {{ +n }} {{ 2 + -3 }}", "7 9 5 -7 7 -1"},
        {"{{ 'ab' * 3 }} {{ [1, 2] * 2 }} {{ [1] + [2] }} {{ 'a' + 'b' }} {{ 1 ~ 'a' ~ none ~ 2.0 ~ missing }}", "ababab [1, 2, 1, 2] [1, 2] ab 1aNone2.0"},
        {"{{ '%s has %d' % ('x', 3) }} {{ '%s' % 'y' }} {{ '100%%' % () }}", "x has 3 y 100%"},
        {"{{ 1 + true }} {{ 1.5 + 1 }} {{ 3 * 1.0 }}", "2 2.5 3.0"},
        // comparison and logic
        {"{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ '1' == 1 }} {{ true == 1 }} {{ none == false }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }}", "True False True False True False True True"},
        {"{{ 'el' in s }} {{ 'x' not in s }} {{ 3 in l }} {{ 'a' in d }} {{ 'x' in missing }}", "True True True True False"},
        {"{{ 0 or 'x' }} {{ '' and 'y' }} {{ not e }} {{ not not l }} {{ z or false }} {{ b and n }}", "x  True True False 7"},
        {"{{ 'yes' if n > 5 else 'no' }} {{ 'a' if z }}| {{ 1 if z else 2 if b else 3 }}", "yes | 2"},
        {"{{ [1, [2, {'a': 3}]] == [1, [2, {'a': 3}]] }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }}", "True True"},
        // subscripts, slices, attributes
        {"{{ l[0] }} {{ l[-1] }} {{ s[1] }} {{ u[-1] }} {{ d.a }} {{ d['b'] }} {{ d['items'] }} {{ o[0].n }} {{ l.0 }}", "3 2 e 語 x 1 5 B 3"},
        {"{{ l[1:] }} {{ l[:-1] }} {{ l[::-1] }} {{ s[::2] }} {{ u[2:7] }} {{ l[5:] }} {{ s[-5:] }} {{ l[-2:3:2] }} {{ s[8:2:-2] }}", "[1, 2] [3, 1] [2, 1, 3] HloWrd ïve Ü [] World [1] rWo"},
        {"{{ d.nope is defined }} {{ l[9] is defined }} {{ d.nope }}|{{ d.get('nope') }} {{ d.get('nope', 3) }} {{ d.get('a') }}", "False False |None 3 x"},
        // statements
        {"{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ x }};{% endfor %}", "1032TrueFalse33;2121FalseFalse31;3210FalseTrue32;"},
        {"{% for x in e %}x{% else %}none{% endfor %}", "none"},
        {"{% for x in l if x > 1 %}{{ loop.index }}:{{ x }}/{{ loop.length }} {% else %}none{% endfor %}", "1:3/2 2:2/2 "},
        {"{% for k, v in d.items() %}{{ k }}={{ v }},{% endfor %}", "b=1,a=x,items=5,"},
        {"{% for a in l %}{% for b in 'xy' %}{{ loop.index }}{{ b }}{{ loop.depth }}{% endfor %}{{ loop.index }}{% endfor %}", "1x12y111x12y121x12y13"},
        {"{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}", "<3>1 3<1>2 1<2> "},
        {"{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{{ loop.cycle('a', 'b') }} {% endfor %}", "Truea Falseb Truea "},
        {"{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}", "0134"},
        {"{% set x = 1 %}{% for i in l %}{{ x }}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}", "1212121"},
        {"{% set ns = namespace(c=0, t='') %}{% for i in l %}{% set ns.c = ns.c + i %}{% endfor %}{{ ns.c }}", "6"},
        {"{% set a, c = 1, 2 %}{{ a }}{{ c }}{% set t = 1, 2 %}{{ t }}", "12(1, 2)"},
        {"{% set body %}  in {{ n }}  {% endset %}[{{ body }}]{% set up | trim | upper %} ab {% endset %}[{{ up }}]", "[  in 7  ][AB]"},
        {"{% if z %}1{% elif n == 7 %}2{% else %}3{% endif %}{% if not b %}4{% else %}5{% endif %}", "25"},
        {"{% macro m(a, c=2, q='x' ~ a) %}{{ a }}-{{ c }}-{{ q }}{% endmacro %}{{ m(1) }} {{ m(1, 5) }} {{ m(c=3, a=0) }} {{ m() }}", "1-2-x1 1-5-x1 0-3-x0 -2-x"},
        {"{% macro w(t) %}<{{ t }}>{{ caller() }}</{{ t }}>{% endmacro %}{% call w('b') %}in {{ n }}{% endcall %}", "<b>in 7</b>"},
        {"{% macro w() %}{% for i in l %}{{ caller(i) }}{% endfor %}{% endmacro %}{% call(x) w() %}[{{ x }}]{% endcall %}", "[3][1][2]"},
        {"{% macro f(k) %}{{ k if k < 2 else f(k - 1) ~ k }}{% endmacro %}{{ f(5) }}", "12345"},
        {"{% macro g() %}{{ later }}{% endmacro %}{% set later = 'ok' %}{{ g() }}", "ok"},
        {"{% with a = 1, c = 2 %}{{ a + c }}{% endwith %}{{ a is defined }}", "3False"},
        {"{% filter upper %}abc {{ n }}{% endfilter %}", "ABC 7"},
        {"{% for i in [1, 2] %}{% set k = i %}{% endfor %}{{ k is defined }}", "False"},
        {"{% if b %}{% set inner = 1 %}{% endif %}{{ inner }}", "1"},
        // filters on text
        {"{{ p | trim }}|{{ 'xxaxx' | trim('x') }}|{{ s | upper }}|{{ s | lower }}|{{ 'hello wORLD-foo' | title }}|{{ 'hELLO' | capitalize }}", "pad|a|HELLO WORLD|hello world|Hello World-Foo|Hello"},
        {"{{ s | replace('l', 'L') }} {{ s | replace('l', 'L', 1) }} {{ s | length }} {{ u | length }} {{ u | upper }}", "HeLLo WorLd HeLlo World 11 11 NAÏVE ÜNÏ 語"},
        {"{{ 'a\nb\n\nc' | indent(2) }}|{{ 'a\nb' | indent(2, true) }}|{{ 'a\n\nb' | indent(1, blank=true) }}|{{ 'a\n' | indent }}", "a\n  b\n\n  c|  a\n  b|a\n \n b|a\n"},
        {"{{ '<a & \"b\">' | e }} {{ '<a>' | safe }} {{ ('<a>' | safe) + '<b>' }} {{ '<b>' ~ ('<a>' | safe) }}", "&lt;a &amp; &#34;b&#34;&gt; <a> <a>&lt;b&gt; <b><a>"},
        {"{{ '12' | int }} {{ '1.9' | int }} {{ 'x' | int }} {{ 'x' | int(5) }} {{ 3.7 | int }} {{ '2.5' | float }} {{ n | float }} {{ n | string + 'a' }}", "12 1 0 5 3 2.5 7.0 7a"},
        {"{{ 2.567 | round(2) }} {{ 2.5 | round }} {{ 3.5 | round }} {{ 2.1 | round(0, 'ceil') }} {{ -3 | abs }} {{ 'a b  c' | wordcount }}", "2.57 2.0 4.0 3.0 3 3"},
        {"{{ '%s-%s' | format(1, 'b') }}", "1-b"},
        // filters on rows
        {"{{ l | sort }} {{ l | sort(reverse=true) }} {{ ['b', 'A', 'c'] | sort }} {{ ['b', 'A', 'c'] | sort(case_sensitive=true) }} {{ o | sort(attribute='n') | map(attribute='n') | list }}", "[1, 2, 3] [3, 2, 1] ['A', 'b', 'c'] ['A', 'b', 'c'] ['a', 'B', 'c']"},
        {"{{ l | first }} {{ l | last }} {{ s | first }} {{ e | first is defined }} {{ l | join('-') }} {{ [1, none, 'x'] | join }} {{ o | join(', ', attribute='n') }}", "3 2 H False 3-1-2 1Nonex B, a, c"},
        {"{{ o | map(attribute='k') | list }} {{ o | map(attribute='q', default=0) | list }} {{ ['a', 'b'] | map('upper') | join }} {{ [' a '] | map('trim') | list }}", "[2, 1, 2] [0, 0, 0] AB ['a']"},
        {"{{ o | selectattr('k', 'equalto', 2) | map(attribute='n') | join(',') }} {{ o | rejectattr('k', 'eq', 2) | list }} {{ o | selectattr('zz') | list }}", "B,c [{'n': 'a', 'k': 1}] []"},
        {"{{ [1, 2, 3, 4] | select('even') | list }} {{ [1, 2, 3] | reject('odd') | list }} {{ [0, 1, ''] | select | list }} {{ [1, 5] | select('greaterthan', 2) | list }}", "[2, 4] [2] [1] [5]"},
        {"{{ l | reverse | list }} {{ s | reverse }} {{ [1, 2, 1, 3] | unique | list }} {{ ['a', 'A'] | unique | list }} {{ l | sum }} {{ o | sum(attribute='k') }} {{ l | min }} {{ l | max }}", "[2, 1, 3] dlroW olleH [1, 2, 3] ['a'] 6 5 1 3"},
        {"{{ {'b': 1, 'A': 2} | dictsort }} {{ {'b': 1, 'A': 2} | dictsort(by='value', reverse=true) }} {{ {'a': 1} | items | list }} {{ 'ab' | list }} {{ d | list }}", "[('A', 2), ('b', 1)] [('A', 2), ('b', 1)] [('a', 1)] ['a', 'b'] ['b', 'a', 'items']"},
        {"{{ [1, 2, 3, 4, 5] | batch(2, 0) | list }} {% for k, g in o | groupby('k') %}{{ k }}:{{ g | length }} {% endfor %}", "[[1, 2], [3, 4], [5, 0]] 1:1 2:2 "},
        {"{{ missing | default('x') }} {{ '' | default('x') }} {{ '' | default('x', true) }} {{ z | d('y') }} {{ z | default('y', boolean=true) }}", "x  x None y"},
        {"{{ 'yes' if (e | select('odd')) else 'no' }}", "yes"},
        // JSON
        {"{{ d | tojson }} {{ [1, 2.0, none, true, 'é\"\\\n'] | tojson }} {{ {} | tojson }} {{ [] | tojson(indent=2) }}", "{\"b\": 1, \"a\": \"x\", \"items\": 5} [1, 2.0, null, true, \"é\\\"\"] {} []"},
        {"{{ {'a': [1, {'b': 2}], 'c': {}} | tojson(indent=2) }}", "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": {}\n}"},
        {"{{ {'b': 1, 'a': 'é'} | tojson(sort_keys=true, ensure_ascii=true) }} {{ [1, {'a': 2}] | tojson(separators=(',', ':')) }} {{ '<&>' | tojson }}", "{\"a\": \"\\u00e9\", \"b\": 1} [1,{\"a\":2}] \"<&>\""},
        // tests
        {"{{ n is number }}{{ s is string }}{{ d is mapping }}{{ l is sequence }}{{ s is iterable }}{{ n is iterable }}{{ z is none }}{{ b is boolean }}{{ n is integer }}{{ f is float }}{{ b is number }}", "TrueTrueTrueTrueTrueFalseTrueTrueTrueTrueTrue"},
        {"{{ missing is undefined }}{{ n is not defined }}{{ b is true }}{{ b is false }}{{ 1 is true }}{{ 4 is even }}{{ 4 is odd }}{{ 9 is divisibleby 3 }}{{ 9 is divisibleby(2) }}{{ n is eq 7 }}{{ n is gt(8) }}{{ 1 is in [1] }}{{ 'ab' is lower }}{{ 'AB' is upper }}", "TrueFalseTrueFalseFalseTrueFalseTrueFalseTrueFalseTrueTrueTrue"},
        {"{{ d is not mapping or s is string }} {{ l is iterable and s is not mapping }} {{ none is sameas none }} {{ range is callable }}", "True True True True"},
        // methods
        {"{{ p.strip() }}|{{ 'xxa'.lstrip('x') }}|{{ 'axx'.rstrip('x') }}|{{ 'abcab'.strip('ab') }}|{{ ' a b '.split() }}|{{ 'a,b,c'.split(',') }}|{{ 'a,b,c'.split(',', 1) }}|{{ 'a,b,c'.rsplit(',', 1) }}|{{ ''.split(',') }}", "pad|a|a|c|['a', 'b']|['a', 'b', 'c']|['a', 'b,c']|['a,b', 'c']|['']"},
        {"{{ s.startswith('He') }}{{ s.endswith(('x', 'ld')) }}{{ s.replace('o', '0') }}{{ s.upper() }}{{ s.lower() }}{{ \"they're bill's\".title() }}{{ 'aB'.capitalize() }}{{ '-'.join(['a', 'b']) }}{{ s.find('o') }}{{ s.rfind('o') }}{{ s.count('l') }}", "TrueTrueHell0 W0rldHELLO WORLDhello worldThey'Re Bill'SAba-b473"},
        {"{{ 'a\nb'.splitlines() }}{{ '12'.isdigit() }}{{ 'ab'.isalpha() }}{{ '{} {x}'.format(1, x=2) }}{{ 'abc'.removeprefix('a') }}{{ 'abc'.removesuffix('c') }}{{ 'a=b'.partition('=') }}{{ '7'.zfill(3) }}", "['a', 'b']TrueTrue1 2bcab('a', '=', 'b')007"},
        {"{% set q = [] %}{% set _ = q.append(1) %}{% set _ = q.extend([2, 3]) %}{% set _ = q.insert(0, 9) %}{{ q }}{{ q.pop() }}{{ q.pop(0) }}{{ q }}{{ q.index(2) }}{{ q.count(1) }}", "[9, 1, 2, 3]39[1, 2]11"},
        {"{{ d.keys() | list }}{{ d.values() | list }}{% set q = {'a': 1} %}{% set _ = q.update({'b': 2}) %}{{ q }}{{ q.pop('a') }}{{ q }}{{ q.setdefault('c', 3) }}{{ q }}", "['b', 'a', 'items'][1, 'x', 5]{'a': 1, 'b': 2}1{'b': 2}3{'b': 2, 'c': 3}"},
        // functions
        {"{{ range(3) | list }}{{ range(1, 4) | list }}{{ range(5, 0, -2) | list }}{{ dict(a=1, b=2) }}{{ strftime_now('%Y-%m-%d %H:%M:%S %d %b %B %A %a %y %j %I %p') }}", "[0, 1, 2][1, 2, 3][5, 3, 1]{'a': 1, 'b': 2}2025-03-14 15:09:26 14 Mar March Friday Fri 25 073 03 PM"},
};
// clang-format on

Json context() {
    const auto json = Json::parse(kContext);
    Json result = json ? *json : Json();
    result.set("now", "2025-03-14T15:09:26");
    return result;
}

Result<std::string> rendered(const std::string& source, const Json& values, const TemplateLimits& limits = {}) {
    const auto parsed = ChatTemplate::parse(source);
    if (!parsed)
        return parsed.error();
    return parsed->render(values, limits);
}

std::string repeated(const std::string& text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += text;
    return out;
}

} // namespace

class TestChatTemplate : public QObject {
    Q_OBJECT

private slots:
    void language_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("expected");
        int number = 0;
        for (const Row& row : kRows)
            QTest::addRow("%d: %.60s", number++, row.source) << QByteArray(row.source) << QByteArray(row.expected);
    }
    void language() {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, expected);
        const auto text = rendered(source.toStdString(), context());
        QVERIFY_RESULT(text);
        QCOMPARE(QByteArray::fromStdString(*text), expected);
    }

    void notUnderstood_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QString>("message");
        QTest::newRow("open tag") << QByteArray("ab\n{% if x") << "line 2, column 1: this tag is not closed, expected %}";
        QTest::newRow("open block") << QByteArray("{% if x %}a")
                                    << "line 1, column 12: expected {% elif %} instead of the end of the template";
        QTest::newRow("open comment") << QByteArray("{# a") << "line 1, column 1: this comment is not closed, expected #}";
        QTest::newRow("open string") << QByteArray("{{ 'a }}") << "line 1, column 4: this string is not closed, expected '";
        QTest::newRow("open raw") << QByteArray("{% raw %}a") << "line 1, column 1: this raw block is not closed, expected {% endraw %}";
        QTest::newRow("no value") << QByteArray("{{ }}")
                                  << "line 1, column 4: expected a value instead of the end of the tag";
        QTest::newRow("two values") << QByteArray("{{ a b }}")
                                    << "line 1, column 6: expected the end of the output instead of \"b\"";
        QTest::newRow("statement") << QByteArray("{% include 'x' %}")
                                   << "line 1, column 4: the statement \"include\" is not supported here";
        QTest::newRow("stray end") << QByteArray("{% endif %}")
                                   << "line 1, column 4: the statement \"endif\" is not supported here";
        QTest::newRow("break") << QByteArray("{% break %}") << "line 1, column 4: \"break\" outside a loop";
        QTest::newRow("symbol") << QByteArray("{{ a ? b }}")
                                << "line 1, column 6: the character '?' is not understood here";
        QTest::newRow("number") << QByteArray("{{ 99999999999999999999 }}")
                                << "line 1, column 4: this number is out of range";
        QTest::newRow("escape") << QByteArray("{{ '\\ud800' }}") 
                                << "line 1, column 5: this escape is not a character, expected its number in hexadecimal digits";
        QTest::newRow("bytes") << QByteArray("a\xFF") << "at byte 1: the template is not text here, expected UTF-8";
    }
    void notUnderstood() {
        QFETCH(QByteArray, source);
        QFETCH(QString, message);
        const auto parsed = ChatTemplate::parse(source.toStdString());
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::Format);
        QCOMPARE(QString::fromStdString(parsed.error().text()), message);
    }

    void failures_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QString>("message");
        QTest::newRow("raised") << QByteArray("\n {{ raise_exception('No ' ~ s) }}")
                                << "line 2, column 20: No Hello World";
        QTest::newRow("undefined member")
            << QByteArray("{{ d.x.y }}") << "line 1, column 7: 'dict object' has no attribute 'x'";
        QTest::newRow("undefined sum") << QByteArray("{{ 'a' + nope }}") << "line 1, column 4: 'nope' is undefined";
        QTest::newRow("types") << QByteArray("{{ 'a' + 1 }}")
                               << "line 1, column 4: can only concatenate str (not \"int\") to str";
        QTest::newRow("loop over number")
            << QByteArray("{% for x in n %}{% endfor %}") << "line 1, column 4: 'int' object is not iterable";
        QTest::newRow("filter") << QByteArray("{{ n | nope }}") << "line 1, column 8: No filter named 'nope' found.";
        QTest::newRow("test") << QByteArray("{{ n is nope }}") << "line 1, column 6: No test named 'nope' found.";
        QTest::newRow("call") << QByteArray("{{ n() }}") << "line 1, column 5: 'int' object is not callable";
        QTest::newRow("assign") << QByteArray("{% set d.x = 1 %}")
                                << "line 1, column 4: cannot assign attribute on non-namespace object";
        QTest::newRow("division") << QByteArray("{{ 1 // 0 }}") << "line 1, column 4: division by zero";
        QTest::newRow("unpack") << QByteArray("{% for a, c in l %}{% endfor %}")
                                << "line 1, column 4: 'int' object is not iterable";
        QTest::newRow("unpack count") << QByteArray("{% set a, c = l %}")
                                      << "line 1, column 4: expected 2 values to unpack, not 3";
        QTest::newRow("generator as JSON") << QByteArray("{{ l | map('string') | tojson }}")
                                           << "line 1, column 24: Object of type generator is not JSON serializable";
    }
    void failures() {
        QFETCH(QByteArray, source);
        QFETCH(QString, message);
        const auto text = rendered(source.toStdString(), context());
        QVERIFY(!text);
        QCOMPARE(text.error().code, ErrorCode::Format);
        QCOMPARE(QString::fromStdString(text.error().text()), message);
    }

    void hostile_data() {
        QTest::addColumn<QByteArray>("source");
        const auto row = [](const char* name, const std::string& source) {
            QTest::newRow(name) << QByteArray::fromStdString(source);
        };
        row("long text", "{{ 'x' * 10**9 }}");
        row("long text of many", "{{ ('x' * 10**6) * 10**6 }}");
        row("long list", "{{ [1] * 10**9 }}");
        row("doubling text",
            "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}");
        row("doubling list",
            "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}");
        row("nested loops", repeated("{% for i in range(99999) %}", 5) + "x" + repeated("{% endfor %}", 5));
        row("big range", "{{ range(10**8) }}");
        row("endless recursion", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}");
        row("parentheses", "{{ " + repeated("(", 100000) + "1" + repeated(")", 100000) + " }}");
        row("brackets", "{{ " + repeated("[", 100000) + repeated("]", 100000) + " }}");
        row("not", "{{ " + repeated("not ", 100000) + "1 }}");
        row("minus", "{{ " + repeated("-", 100000) + "1 }}");
        row("subscripts", "{{ l" + repeated("[0]", 100000) + " }}");
        row("filters", "{{ l" + repeated("|list", 100000) + " }}");
        row("else", "{{ " + repeated("1 if 0 else ", 100000) + "1 }}");
        row("blocks", repeated("{% if b %}", 10000) + repeated("{% endif %}", 10000));
        row("list in itself", "{% set q = [] %}{% set _ = q.append(q) %}{{ q }}");
        row("compared with itself",
            "{% set q = [] %}{% set w = [] %}{% set _ = q.append(w) %}{% set _ = w.append(q) %}{{ q == w }}");
        row("deep list",
            "{% set ns = namespace(s=[]) %}{% for i in range(90000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}");
        row("replace", "{{ ('a' * 10**6) | replace('a', 'b' * 1000) }}");
        row("search", "{{ 'b' in 'x' }}{% set a = 'a' * 8000000 %}{% set w = 'a' * 4000000 ~ 'b' %}{{ w in a }}");
        row("join", "{{ range(90000) | join('x' * 10000) }}");
        row("indent", "{{ ('\\n' * 100000) | indent(1000, blank=true) }}");
        row("json indent", "{% set ns = namespace(s=[1]) %}{% for i in range(50) %}{% set ns.s = [ns.s, ns.s] %}{% "
                           "endfor %}{{ ns.s | tojson(indent=60) }}");
        row("power", "{{ 10 ** 10 ** 10 }}");
    }
    void hostile() {
        QFETCH(QByteArray, source);
        QElapsedTimer timer;
        timer.start();
        const auto text = rendered(source.toStdString(), context());
        QVERIFY2(!text, "a hostile template was rendered");
        QVERIFY2(text.error().code == ErrorCode::Unsupported, text.error().text().c_str());
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed()) + " ms"));
    }

    void limits() {
        TemplateLimits limits;
        limits.maxSteps = 100;
        QCOMPARE(rendered("{% for i in range(500) %}{{ i }}{% endfor %}", context(), limits).error().code,
                 ErrorCode::Unsupported);
        limits = {};
        limits.maxOutputBytes = 10;
        QVERIFY_RESULT(rendered("{{ 'x' * 10 }}", context(), limits));
        QCOMPARE(rendered("{{ 'x' * 11 }}", context(), limits).error().code, ErrorCode::Unsupported);
        QCOMPARE(rendered("{{ 'x' * 6 }}{{ 'x' * 6 }}", context(), limits).error().code, ErrorCode::Unsupported);
        QCOMPARE(rendered("12345678901", context(), limits).error().code, ErrorCode::Unsupported);
        limits = {};
        limits.maxMemoryBytes = 100'000;
        QVERIFY_RESULT(rendered("{% for i in range(1000) %}{{ i }}{% endfor %}", context(), limits));
        QCOMPARE(rendered("{{ range(5000)|list|length }}", context(), limits).error().code, ErrorCode::Unsupported);
        QCOMPARE(rendered("{% set ns = namespace(l=[]) %}{% for i in range(300) %}{% set ns.l = ns.l + ['x' * 1000 ~ i] %}{% endfor %}",
                          context(), limits).error().code, ErrorCode::Unsupported);
        // What is let go of is free again.
        QVERIFY_RESULT(rendered("{% set ns = namespace(t='') %}{% for i in range(500) %}{% set ns.t = 'x' * 1000 ~ i %}{% endfor %}",
                                context(), limits));
        limits = {};
        limits.maxDepth = 8;
        QVERIFY_RESULT(rendered("{{ ((1)) + 1 }}", context(), limits));
        QCOMPARE(rendered("{{ [[[[[[[[[1]]]]]]]]] }}", context(), limits).error().code, ErrorCode::Unsupported);
    }

    /// Every prefix of a real template either parses or gives an error; none crashes.
    void prefixes() {
        const std::string source =
            "{%- macro m(a, b=1) -%}{{ a ~ b|upper }}{%- endmacro %}{% for x in l if x > 1 %}{{ loop.index }}"
            "{% if x is divisibleby(2) %}{{ m(x, b='y')[1:] }}{% elif x in [1, {'a': 2}] %}{# c #}"
            "{% else %}{% set ns.y = \"\\u00e9\" %}{% endif %}{% endfor %}{% raw %}{{{% endraw %}";
        int parsed = 0;
        for (std::size_t length = 0; length <= source.size(); ++length) {
            const auto result = ChatTemplate::parse(source.substr(0, length));
            parsed += result.has_value();
            if (!result)
                QVERIFY(!result.error().message.empty());
        }
        QVERIFY(parsed >= 2); // at least the empty one and the whole
        QVERIFY_RESULT(ChatTemplate::parse(source));
    }

    void contextStays() {
        const Json values = context();
        QVERIFY_RESULT(rendered("{% set _ = l.append(9) %}{% set _ = d.update({'z': 1}) %}", values));
        QVERIFY(values == context());
    }
};

QTEST_GUILESS_MAIN(TestChatTemplate)
#include "tst_chattemplate.moc"
