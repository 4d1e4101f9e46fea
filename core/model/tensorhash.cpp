#include "core/model/tensorhash.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <vector>

namespace trilobit {

namespace {
constexpr std::size_t kPiece = 4u << 20;
} // namespace

Result<void> addEncodingTo(Sha256& hash, const Tensor& tensor) {
    hash.add("|" + tensor.encoding->info().id + "|");
    if (tensor.encoding->info().ggmlType >= 0 || tensor.encoding->info().bytesPerBlock > 0)
        return {};
    const auto codes = tensor.encoding->unpack(tensor.bytes, tensor.rows, tensor.cols);
    if (codes) {
        hash.add(std::as_bytes(std::span(codes->scale)));
        if (tensor.encoding->info().grid.freeZero)
            hash.add(std::as_bytes(std::span(codes->zero)));
        return {};
    }
    std::vector<float> row(static_cast<std::size_t>(tensor.cols));
    for (std::int64_t r = 0; r < tensor.rows; ++r) {
        tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, r, 1, row.data());
        hash.add(std::as_bytes(std::span(row)));
    }
    return {};
}

Result<std::string> piecewiseHash(std::span<const std::byte> bytes, RunControl& control) {
    const auto count = static_cast<std::int64_t>((bytes.size() + kPiece - 1) / kPiece);
    std::vector<std::string> digests(static_cast<std::size_t>(count));
    std::atomic<bool> stop = false, outOfMemory = false;
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t i = 0; i < count; ++i) {
        if (stop || control.isCancelled()) {
            stop = true;
            continue;
        }
        try {
            const std::size_t begin = static_cast<std::size_t>(i) * kPiece;
            Sha256 piece;
            piece.add(bytes.subspan(begin, std::min(kPiece, bytes.size() - begin)));
            digests[static_cast<std::size_t>(i)] = piece.finish();
        } catch (const std::bad_alloc&) {
            outOfMemory = true;
        }
    }
    if (outOfMemory)
        return fail(ErrorCode::OutOfMemory, "not enough memory to compute a checksum");
    if (stop)
        return cancelledError();
    Sha256 whole;
    for (const std::string& digest : digests)
        whole.add(digest);
    return whole.finish();
}

Result<std::string> tensorHash(const Tensor& tensor, RunControl& control) {
    Sha256 hash;
    hash.add(std::to_string(tensor.rows) + "|" + std::to_string(tensor.cols));
    TRILOBIT_CHECK(addEncodingTo(hash, tensor));
    TRILOBIT_TRY(const std::string bytes, piecewiseHash(tensor.bytes, control));
    hash.add(bytes);
    return hash.finish();
}

} // namespace trilobit
