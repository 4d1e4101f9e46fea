// Importance matrices, as GGUF and in the older form, from arbitrary bytes; what is accepted must give usable importance.
#include "core/calib/imatrixfile.h"
#include "tests/fuzz/fuzzfile.h"

#include <cmath>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    const test::FuzzFile file(data, size);
    const auto calibration = readCalibration(file.path());
    if (!calibration) {
        const Error& error = calibration.error();
        if (error.message.empty() || error.file.empty())
            std::abort();
        return 0;
    }
    (void)calibration->tokens();
    for (const auto& [name, statistics] : calibration->tensors) {
        const auto importance = importanceOf(statistics, statistics.channels(), statistics.parts);
        if (!importance || importance->size() != statistics.sumSquares.size())
            std::abort();
        for (const float value : *importance)
            if (!(value > 0))
                std::abort();
        const ChannelMagnitudes magnitudes = channelMagnitudes(statistics);
        (void)summarizeChannels(magnitudes.rms);
    }
    return 0;
}
