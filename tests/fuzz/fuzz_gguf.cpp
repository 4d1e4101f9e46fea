// GGUF reader and model loader on arbitrary bytes; every tensor of what is accepted must be readable.
#include "core/model/model.h"
#include "tests/fuzz/fuzzfile.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const trilobit::EncodingRegistry kEncodings = trilobit::EncodingRegistry::builtin();
    const trilobit::test::FuzzFile file(data, size);
    const auto model = trilobit::loadModel(file.path(), kEncodings);
    if (!model) {
        if (model.error().message.empty())
            std::abort();
        return 0;
    }
    trilobit::RunControl control;
    for (const trilobit::Tensor& tensor : (*model)->tensors())
        (void)trilobit::decodeTensor(tensor, control);
    (void)trilobit::weightsHash(**model, control);
    return 0;
}
