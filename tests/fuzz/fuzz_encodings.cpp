// Any bytes in any encoding and any shape: decoding and unpacking stay inside, and packed codes come back.
#include "core/encodings/encodingregistry.h"

#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    static const EncodingRegistry kRegistry = EncodingRegistry::builtin();
    static const std::vector<std::shared_ptr<const Encoding>> kAll = [] {
        auto all = kRegistry.all();
        all.insert(all.end(), kRegistry.foreign().begin(), kRegistry.foreign().end());
        for (const char* id : {"TL1-64-32-32", "TL1-16-64-16", "TL2-32-96-32", "affine-g7-b5"})
            all.push_back(*kRegistry.find(id));
        return all;
    }();
    if (size < 3)
        return 0;
    const Encoding& encoding = *kAll[data[0] % kAll.size()];
    const std::int64_t rows = 1 + data[1] % 64, cols = std::int64_t{32} * (1 + data[2] % 24);
    const auto needed = encoding.sizeBytes(rows, cols);
    if (!needed)
        return needed.error().message.empty() ? (std::abort(), 0) : 0;
    // Exactly the bytes that are needed, on the heap, so that a read beyond them is seen.
    std::vector<std::byte> bytes(static_cast<std::size_t>(*needed));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(size > 3 ? data[3 + i % (size - 3)] : data[2]);
    std::vector<float> values(static_cast<std::size_t>(rows * cols));
    encoding.decodeRows(bytes, rows, cols, 0, rows, values.data());
    encoding.decodeRows(bytes, rows, cols, rows - 1, 1, values.data());
    const auto codes = encoding.unpack(bytes, rows, cols);
    if (codes)
        (void)encoding.pack(*codes, bytes);
    return 0;
}
