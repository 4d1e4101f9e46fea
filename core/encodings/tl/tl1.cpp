#include "core/encodings/tl/tl1.h"

#include "core/encodings/common/ternarytensor.h"
#include "core/encodings/common/ternarywhole.h"

#include <algorithm>
#include <array>

namespace trilobit {

namespace {

using namespace encodings;

/// Weights that one instruction of the kernel covers: strip rows of 256 / strip columns.
constexpr std::int64_t kStep = 256;

constexpr std::array<ShapeTiles, 10> kShapes{{{1536, 4096, {256, 128, 32}},
                                              {1536, 1536, {128, 64, 64}},
                                              {4096, 1536, {256, 128, 32}},
                                              {3200, 8640, {160, 64, 32}},
                                              {3200, 3200, {320, 128, 64}},
                                              {8640, 3200, {320, 64, 32}},
                                              {14336, 4096, {256, 128, 32}},
                                              {4096, 14336, {128, 64, 64}},
                                              {1024, 4096, {256, 128, 32}},
                                              {4096, 4096, {128, 64, 64}}}};

EncodingInfo describe(const std::optional<TableTiles>& tiles) {
    EncodingInfo info = ternaryTensorInfo();
    info.id = tableLookupId("TL1", tiles);
    info.title = "Ternary in 2 bits, lookup tables on ARM";
    info.help = "Pairs of -s, 0, +s as one of nine codes under a single s, in the order of bitnet.cpp's ARM kernels. The "
                "order depends on the tile sizes of the build that wrote it.";
    info.ggmlType = 38;
    return info;
}

class Tl1 final : public TernaryWholeEncoding {
public:
    explicit Tl1(std::optional<TableTiles> tiles) : TernaryWholeEncoding(describe(tiles)), m_tiles(tiles) {}

protected:
    Result<std::uint64_t> codeBytes(std::int64_t rows, std::int64_t cols) const override {
        if (rows * cols == 0)
            return std::uint64_t{0};
        const auto found = tilesOf(rows, cols);
        const std::string shape = std::to_string(rows) + " x " + std::to_string(cols);
        if (!found)
            return fail(ErrorCode::Unsupported, "bitnet.cpp has no TL1 kernel for " + shape
                                                    + "; name the tiles of the build, as in TL1-160-64-32");
        const TableTiles& t = *found;
        const std::int64_t step = kStep / t.strip; // columns
        if (t.strip % 16 != 0 || kStep % t.strip != 0 || step % 4 != 0 || t.rows % t.strip != 0 || t.cols % step != 0)
            return fail(ErrorCode::Unsupported, info().id + ": strips have 16, 32 or 64 rows, tiles whole strips and "
                                                            "whole steps of 256 weights");
        if (rows % t.rows != 0 || cols % t.cols != 0)
            return fail(ErrorCode::Unsupported, shape + " weights are not whole tiles of " + std::to_string(t.rows)
                                                    + " x " + std::to_string(t.cols) + " as TL1 needs");
        return static_cast<std::uint64_t>(rows * cols / 4);
    }

    void loadRow(const std::uint8_t* in, std::int64_t rows, std::int64_t cols, std::int64_t row,
                 std::int16_t* codes) const noexcept override {
        const Place place(*tilesOf(rows, cols), cols, row);
        for (std::int64_t c = 0; c < cols; c += 4) {
            const std::uint8_t byte = in[place.byteOf(c)];
            loadPair(byte >> 4, codes + c);
            loadPair(byte & 15, codes + c + 2);
        }
    }
    void storeRow(const std::int16_t* codes, std::int64_t rows, std::int64_t cols, std::int64_t row,
                  std::uint8_t* out) const noexcept override {
        const Place place(*tilesOf(rows, cols), cols, row);
        for (std::int64_t c = 0; c < cols; c += 4)
            out[place.byteOf(c)] = static_cast<std::uint8_t>(((3 * codes[c] + codes[c + 1]) << 4)
                                                             | (3 * codes[c + 2] + codes[c + 3]));
    }

private:
    std::optional<TableTiles> tilesOf(std::int64_t rows, std::int64_t cols) const noexcept {
        return m_tiles ? m_tiles : tilesFor(kShapes, rows, cols);
    }

    /// Where the bytes of one row stand.
    struct Place {
        std::int64_t tileCols, step, tileBytes, stripStart, stepBytes, rowStart;
        Place(const TableTiles& t, std::int64_t cols, std::int64_t row) noexcept
            : tileCols(t.cols), step(kStep / t.strip), tileBytes(t.rows * t.cols / 4),
              stripStart(row / t.rows * t.rows * cols / 4 + row % t.rows / t.strip * t.strip * t.cols / 4),
              stepBytes(kStep / 4), rowStart(row % t.strip / 16 * 16 * step / 4 + row % 16) {}
        /// Of columns [col, col + 4).
        std::int64_t byteOf(std::int64_t col) const noexcept {
            return stripStart + col / tileCols * tileBytes + col % tileCols / step * stepBytes + rowStart
                   + col % step / 4 * 16;
        }
    };

    static void loadPair(int pair, std::int16_t* codes) noexcept {
        codes[0] = static_cast<std::int16_t>(pair > 8 ? kTernaryZero : pair / 3);
        codes[1] = static_cast<std::int16_t>(pair > 8 ? kTernaryZero : pair % 3);
    }

    std::optional<TableTiles> m_tiles;
};

} // namespace

std::shared_ptr<const Encoding> makeTl1(std::optional<TableTiles> tiles) { return std::make_shared<Tl1>(tiles); }

} // namespace trilobit
