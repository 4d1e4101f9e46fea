// GPTQ, AWQ and HQQ matrices in arbitrary safetensors bytes: everything that is accepted must decode within its bytes.
#include "core/model/quantizedcheckpoint.h"
#include "tests/fuzz/fuzzfile.h"

#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    if (size < 3)
        return 0;
    constexpr const char* kMethods[] = {"gptq", "awq", "hqq"};
    const Json config = Json::object(
        {{"quantization_config", Json::object({{"quant_method", kMethods[data[0] % 3]},
                                               {"bits", static_cast<int>(data[1] % 9)},
                                               {"group_size", static_cast<int>(data[2]) - 1},
                                               {"checkpoint_format", data[0] & 64 ? "gptq_v2" : "gptq"}})}});
    const test::FuzzFile file(data + 3, size - 3);
    const auto tensors = readSafetensors(file.path());
    if (!tensors)
        return 0;
    const auto checkpoint = QuantizedCheckpoint::read(config, *tensors);
    if (!checkpoint)
        return checkpoint.error().message.empty() ? (std::abort(), 0) : 0;
    for (const SafetensorsTensor& tensor : tensors->tensors) {
        (void)checkpoint->isSideTensor(tensor.name);
        if (!checkpoint->isMatrix(tensor.name))
            continue;
        const auto matrix = checkpoint->matrix(tensor);
        if (!matrix)
            continue;
        const auto bytes = matrix->encoding->sizeBytes(matrix->rows, matrix->cols);
        if (!bytes || *bytes > tensor.bytes.size() || matrix->rows * matrix->cols > (1 << 20))
            continue;
        std::vector<float> values(static_cast<std::size_t>(matrix->rows * matrix->cols));
        const auto used = tensor.bytes.first(static_cast<std::size_t>(*bytes));
        matrix->encoding->decodeRows(used, matrix->rows, matrix->cols, 0, matrix->rows, values.data());
        (void)matrix->encoding->unpack(used, matrix->rows, matrix->cols);
    }
    return 0;
}
