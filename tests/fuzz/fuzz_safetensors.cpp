// safetensors reader on arbitrary bytes; the bytes of every accepted tensor must lie inside the file.
#include "core/formats/safetensors/safetensorsreader.h"
#include "tests/fuzz/fuzzfile.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const trilobit::test::FuzzFile file(data, size);
    const auto tensors = trilobit::readSafetensors(file.path());
    if (!tensors)
        return tensors.error().message.empty() ? (std::abort(), 0) : 0;
    std::size_t total = 0;
    for (const auto& tensor : tensors->tensors) {
        total += tensor.bytes.size();
        if (tensor.fileOffset + tensor.bytes.size() > size)
            std::abort();
        volatile unsigned sum = 0;
        for (const std::byte b : tensor.bytes)
            sum = sum + static_cast<unsigned>(b);
    }
    if (total > size)
        std::abort();
    return 0;
}
