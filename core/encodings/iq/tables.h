// The codebooks of IQ1, IQ2 and IQ3: constants of the format, one word for each index.
#pragma once

#include <array>
#include <cstdint>

namespace trilobit::encodings {

// Eight values from {8, 25, 43}, two bits each, the first in the lowest.
extern const std::array<std::uint16_t, 256> kIq2Xxs;
extern const std::array<std::uint16_t, 512> kIq2Xs;
extern const std::array<std::uint16_t, 1024> kIq2S;
// Four values, three bits each: from {4, 12, 20, 28, 36, 44, 52, 62} and from {1, 3, .. 15}.
extern const std::array<std::uint16_t, 256> kIq3Xxs;
extern const std::array<std::uint16_t, 512> kIq3S;
// Eight values -1, 0, 1 as 0, 1, 2, two bits each.
extern const std::array<std::uint16_t, 2048> kIq1;

} // namespace trilobit::encodings
