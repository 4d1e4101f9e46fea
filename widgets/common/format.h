// Numbers as people read them. The window speaks English, so the decimal sign is a point everywhere.
#pragma once

#include "core/base/result.h"
#include "core/pluginapi/paramspec.h"

#include <QString>

#include <cstdint>
#include <string>

namespace trilobit {

inline QString qtext(const std::string& text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

/// Decimal units with three significant digits: "999 B", "1.25 MB", "4.70 GB".
QString bytesText(std::uint64_t bytes);
/// "-71 %", "+3.2 %", "same size"; `before` 0 gives an empty text.
QString changeText(std::uint64_t before, std::uint64_t after);
/// "135 M", "1.71 B", "260 K".
QString countText(std::uint64_t count);
/// "4.50"; bits per weight.
QString bitsText(double bitsPerWeight);
/// "576 × 1536", or "576" for a vector.
QString shapeText(std::int64_t rows, std::int64_t cols, int dimensions);
/// "21.4 dB"; infinite: "exact".
QString decibelText(double decibel);
/// Three significant digits, with an exponent when very small or large: "0.0123", "1.2e-05".
QString numberText(double value);
/// "0.4 s", "12 s", "3 min 20 s", "2 h 05 min".
QString durationText(std::int64_t milliseconds);
/// A parameter's value; real numbers with the fewest digits that read back the same.
QString paramText(const ParamValue& value);
/// "key = value, key = value".
QString paramsText(const ParamValues& values);
/// One clear sentence for a person; a cancelled action says so.
QString errorText(const Error& error);

} // namespace trilobit
