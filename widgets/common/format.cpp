#include "widgets/common/format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace trilobit {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("trilobit", text); }

QString threeDigits(double value) {
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return QString::number(value, 'f', decimals);
}

template <std::size_t N>
QString scaled(double value, const std::array<const char*, N>& units, bool integerFirst) {
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < N) {
        value /= 1000;
        ++unit;
    }
    const QString number = unit == 0 && integerFirst ? QString::number(value, 'f', 0) : threeDigits(value);
    return *units[unit] ? number + QLatin1Char(' ') + QLatin1String(units[unit]) : number;
}

} // namespace

QString bytesText(std::uint64_t bytes) {
    return scaled(static_cast<double>(bytes), std::array{"B", "kB", "MB", "GB", "TB", "PB"}, true);
}

QString changeText(std::uint64_t before, std::uint64_t after) {
    if (before == 0)
        return {};
    if (before == after)
        return tr("same size");
    const double percent = 100 * (static_cast<double>(after) / static_cast<double>(before) - 1);
    const QString number = QString::number(std::abs(percent), 'f', std::abs(percent) < 10 ? 1 : 0);
    return (percent < 0 ? QString(QChar(0x2212)) : QStringLiteral("+")) + number + QStringLiteral("\u00a0%");
}

QString countText(std::uint64_t count) {
    return scaled(static_cast<double>(count), std::array{"", "K", "M", "B", "T"}, true);
}

QString bitsText(double bitsPerWeight) { return QString::number(bitsPerWeight, 'f', 2); }

QString shapeText(std::int64_t rows, std::int64_t cols, int dimensions) {
    if (dimensions < 2)
        return QString::number(cols);
    return QStringLiteral("%1 × %2").arg(rows).arg(cols);
}

QString decibelText(double decibel) {
    if (std::isinf(decibel))
        return decibel > 0 ? tr("exact") : tr("no signal");
    return QString::number(decibel, 'f', 1) + QStringLiteral(" dB");
}

QString numberText(double value) {
    if (value == 0)
        return QStringLiteral("0");
    const double size = std::abs(value);
    if (!std::isfinite(value))
        return std::isnan(value) ? tr("not a number") : value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    if (size < 1e-4 || size >= 1e6)
        return QString::number(value, 'e', 2);
    const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
    return QString::number(value, 'f', std::clamp(3 - before, 0, 7));
}

QString durationText(std::int64_t milliseconds) {
    if (milliseconds < 0)
        return {};
    if (milliseconds < 9'950)
        return QString::number(static_cast<double>(milliseconds) / 1000, 'f', 1) + QStringLiteral(" s");
    const std::int64_t seconds = (milliseconds + 500) / 1000;
    if (seconds < 60)
        return QStringLiteral("%1 s").arg(seconds);
    if (seconds < 3600)
        return QStringLiteral("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return QStringLiteral("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
}

QString paramText(const ParamValue& value) {
    if (const bool* flag = std::get_if<bool>(&value))
        return *flag ? tr("on") : tr("off");
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return QString::number(*integer);
    if (const double* real = std::get_if<double>(&value))
        return QString::number(*real, 'g', QLocale::FloatingPointShortest);
    return qtext(std::get<std::string>(value));
}

QString paramsText(const ParamValues& values) {
    QStringList parts;
    for (const auto& [key, value] : values)
        parts << qtext(key) + QStringLiteral(" = ") + paramText(value);
    return parts.join(QStringLiteral(", "));
}

QString errorText(const Error& error) {
    return error.code == ErrorCode::Cancelled ? tr("Cancelled.") : qtext(error.text());
}

} // namespace trilobit
