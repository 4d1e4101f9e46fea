#include "core/engine/blockmatrix.h"

#include "core/kernels/panel/repack.h"

#include <atomic>
#include <new>

namespace trilobit {

Result<void> packIfBlocks(Linear& linear, const LinearOptions& options, RunControl& control) {
    const Tensor& tensor = *linear.tensor;
    const kernels::BlockRepack* repack = kernels::findBlockRepack(tensor.encoding->info().id);
    if (!repack || tensor.cols % repack->cols != 0 || tensor.cols == 0
        || static_cast<std::uint64_t>(tensor.rows * (tensor.cols / repack->cols) * repack->bytes) != tensor.bytes.size())
        return {};
    const std::int64_t panels = kernels::panelsOf(tensor.rows), blocks = tensor.cols / kernels::kBlockCols;
    const std::int64_t codeBytes = blocks * kernels::blockCodeBytes(repack->form);
    const std::int64_t scaleBytes =
        blocks / kernels::blockScaleBlocks(repack->form) * kernels::blockScaleBytes(repack->form);
    try {
        const auto take = [&](std::int64_t bytes) {
            const auto size = static_cast<std::size_t>(bytes);
            return options.memory ? options.memory->take(size) : MatrixMemory::alone(size);
        };
        MatrixBytes codes = take(panels * codeBytes), scales = take(panels * scaleBytes);
        std::atomic<bool> cancelled{false};
        WorkerTeam team(options.threads);
        team.run(panels, [&](std::int64_t p, int) noexcept {
            if (cancelled.load(std::memory_order_relaxed))
                return;
            if (control.isCancelled())
                cancelled = true;
            else
                kernels::packBlockPanel(*repack, reinterpret_cast<const std::uint8_t*>(tensor.bytes.data()), tensor.rows,
                                        tensor.cols, p, codes.data() + p * codeBytes, scales.data() + p * scaleBytes);
        });
        if (cancelled)
            return cancelledError();
        linear.codes = std::move(codes);
        linear.blockScales = std::move(scales);
        linear.form = repack->form;
        linear.kind = Linear::Kind::Blocks;
        return {};
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "not enough memory to repack " + tensor.name, {}, {}, {}};
    }
}

} // namespace trilobit
