#include "core/template/strftime.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace trilobit::tmpl {

namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

struct Time {
    int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

bool isLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int daysInMonth(int year, int month) {
    static constexpr int kDaysIn[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : kDaysIn[month - 1];
}

int dayOfYear(const Time& t) {
    int days = t.day;
    for (int month = 1; month < t.month; ++month)
        days += daysInMonth(t.year, month);
    return days;
}

/// 0 for Sunday.
int weekday(const Time& t) {
    const int before = t.year - 1;
    return (before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear(t)) % 7;
}

/// `digits` digits at `at`, or -1.
int number(std::string_view text, std::size_t at, std::size_t digits) {
    if (text.size() < at + digits)
        return -1;
    int value = 0;
    for (const char c : text.substr(at, digits)) {
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

bool parseIso(std::string_view text, Time& t) {
    const auto within = [](int value, int low, int high) { return value >= low && value <= high; };
    t.year = number(text, 0, 4);
    t.month = number(text, 5, 2);
    t.day = number(text, 8, 2);
    if (t.year < 1 || text[4] != '-' || text[7] != '-' || !within(t.month, 1, 12)
        || !within(t.day, 1, daysInMonth(t.year, t.month)))
        return false;
    if (text.size() == 10)
        return true;
    if (text[10] != 'T' && text[10] != ' ')
        return false;
    t.hour = number(text, 11, 2);
    t.minute = number(text, 14, 2);
    t.second = text.size() > 16 ? number(text, 17, 2) : 0;
    return within(t.hour, 0, 23) && within(t.minute, 0, 59) && within(t.second, 0, 59) && text[13] == ':';
}

Time localNow() {
    const std::time_t now = std::time(nullptr);
    std::tm parts = {};
    if (!localtime_r(&now, &parts))
        return {1970, 1, 1};
    return {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec};
}

std::string padded(int value, int width, char pad) {
    std::string text = std::to_string(value);
    if (pad != '\0' && text.size() < static_cast<std::size_t>(width))
        text.insert(0, static_cast<std::size_t>(width) - text.size(), pad);
    return text;
}

/// One directive; `plain`: without padding ("%-d"). False when it is not known.
bool directive(char kind, bool plain, const Time& t, std::string& out) {
    const char zero = plain ? '\0' : '0';
    const int hour12 = t.hour % 12 == 0 ? 12 : t.hour % 12;
    const auto day = kDays[static_cast<std::size_t>(weekday(t))];
    const auto month = kMonths[static_cast<std::size_t>(t.month - 1)];
    const auto all = [&](std::string_view kinds) {
        for (const char c : kinds)
            if (c >= 'a' || (c >= 'A' && c <= 'Z'))
                directive(c, false, t, out);
            else
                out += c;
        return true;
    };
    switch (kind) {
    case 'Y': out += padded(t.year, 4, zero); return true;
    case 'y': out += padded(t.year % 100, 2, zero); return true;
    case 'm': out += padded(t.month, 2, zero); return true;
    case 'd': out += padded(t.day, 2, zero); return true;
    case 'e': out += padded(t.day, 2, plain ? '\0' : ' '); return true;
    case 'H': out += padded(t.hour, 2, zero); return true;
    case 'I': out += padded(hour12, 2, zero); return true;
    case 'M': out += padded(t.minute, 2, zero); return true;
    case 'S': out += padded(t.second, 2, zero); return true;
    case 'f': out += "000000"; return true;
    case 'j': out += padded(dayOfYear(t), 3, zero); return true;
    case 'w': out += std::to_string(weekday(t)); return true;
    case 'u': out += std::to_string(weekday(t) == 0 ? 7 : weekday(t)); return true;
    case 'p': out += t.hour < 12 ? "AM" : "PM"; return true;
    case 'B': out += month; return true;
    case 'b':
    case 'h': out += month.substr(0, 3); return true;
    case 'A': out += day; return true;
    case 'a': out += day.substr(0, 3); return true;
    case 'Z':
    case 'z': return true; // times here carry no zone
    case 'F': return all("Y-m-d");
    case 'T':
    case 'X': return all("H:M:S");
    case 'R': return all("H:M");
    case 'D':
    case 'x': return all("m/d/y");
    case 'c': return all("a b e H:M:S Y");
    case 'n': out += '\n'; return true;
    case 't': out += '\t'; return true;
    case '%': out += '%'; return true;
    default: return false;
    }
}

} // namespace

Result<std::string> strftimeAt(std::string_view iso, std::string_view format) {
    Time time;
    if (iso.empty())
        time = localNow();
    else if (!parseIso(iso, time))
        return fail(ErrorCode::Format, "\"now\" is not a time like 2025-03-14T15:09:26");
    if (format.size() > 1024)
        return fail(ErrorCode::Unsupported, "the date format is longer than 1024 bytes");
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 == format.size()) {
            out += format[i];
            continue;
        }
        const bool plain = format[i + 1] == '-' && i + 2 < format.size();
        i += plain ? 2 : 1;
        if (!directive(format[i], plain, time, out))
            return fail(ErrorCode::Format, std::string("the date directive %") + format[i] + " is not known");
    }
    return out;
}

} // namespace trilobit::tmpl
