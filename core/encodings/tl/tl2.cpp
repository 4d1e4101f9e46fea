#include "core/encodings/tl/tl2.h"

#include "core/encodings/common/ternarytensor.h"
#include "core/encodings/common/ternarywhole.h"

#include <array>

namespace trilobit {

namespace {

using namespace encodings;

constexpr std::int64_t kStrip = 32;
constexpr std::int64_t kTripleStep = 6, kSignStep = 24, kPairStep = 4; ///< columns that 32 bytes of a region cover
constexpr std::int64_t kPairTile = 32;                                 ///< columns of a tile of pairs

constexpr std::array<ShapeTiles, 10> kShapes{{{1536, 4096, {256, 96, 32}},
                                              {1536, 1536, {128, 192, 32}},
                                              {4096, 1536, {256, 96, 32}},
                                              {3200, 8640, {160, 96, 32}},
                                              {3200, 3200, {320, 96, 32}},
                                              {8640, 3200, {320, 96, 32}},
                                              {14336, 4096, {256, 96, 32}},
                                              {4096, 14336, {128, 96, 32}},
                                              {1024, 4096, {256, 96, 32}},
                                              {4096, 4096, {128, 96, 32}}}};

EncodingInfo describe(const std::optional<TableTiles>& tiles) {
    EncodingInfo info = ternaryTensorInfo();
    info.id = tableLookupId("TL2", tiles);
    info.title = "Ternary in 1.67 bits, lookup tables on x86";
    info.help = "Triples of -s, 0, +s as a magnitude and a sign under a single s, in the order of bitnet.cpp's x86 kernels. "
                "The order depends on the tile sizes of the build that wrote it.";
    info.bitsPerWeight = 5.0 / 3.0;
    info.ggmlType = 39;
    return info;
}

/// The bytes of a strip's 32 rows: the second and the third eight rows have changed places.
std::int64_t byteOfRow(std::int64_t row) noexcept {
    const std::int64_t eight = row / 8;
    return (eight == 1 ? 2 : eight == 2 ? 1 : eight) * 8 + row % 8;
}

struct Triple {
    std::int16_t w[3];
};

/// The weights of each magnitude, -1, 0, 1; zeros where there is none.
constexpr std::array<Triple, 16> magnitudes() {
    std::array<Triple, 16> out{};
    for (int a = 0; a <= 1; ++a)
        for (int b = -1; b <= 1; ++b)
            for (int c = -1; c <= 1; ++c)
                if (const int value = 9 * a + 3 * b + c; value >= 0)
                    out[static_cast<std::size_t>(value)] = {
                        {static_cast<std::int16_t>(a), static_cast<std::int16_t>(b), static_cast<std::int16_t>(c)}};
    return out;
}

class Tl2 final : public TernaryWholeEncoding {
public:
    explicit Tl2(std::optional<TableTiles> tiles) : TernaryWholeEncoding(describe(tiles)), m_tiles(tiles) {}

protected:
    Result<std::uint64_t> codeBytes(std::int64_t rows, std::int64_t cols) const override {
        if (rows * cols == 0)
            return std::uint64_t{0};
        const auto found = tilesOf(rows, cols);
        const std::string shape = std::to_string(rows) + " x " + std::to_string(cols);
        if (!found)
            return fail(ErrorCode::Unsupported, "bitnet.cpp has no TL2 kernel for " + shape
                                                    + "; name the tiles of the build, as in TL2-160-96-32");
        const TableTiles& t = *found;
        if (t.strip != kStrip || t.rows % kStrip != 0 || t.cols % kSignStep != 0)
            return fail(ErrorCode::Unsupported,
                        info().id + ": strips have 32 rows, tiles whole strips and a multiple of 24 columns");
        if (rows % t.rows != 0 || cols % t.cols % kPairTile != 0)
            return fail(ErrorCode::Unsupported, shape + " weights are not whole tiles of " + std::to_string(t.rows)
                                                    + " rows, and of " + std::to_string(t.cols)
                                                    + " columns with a rest in 32s, as TL2 needs");
        if (cols < 256)
            return fail(ErrorCode::Unsupported, shape + " weights: TL2 starts at 256 columns");
        const Regions regions(t, rows, cols);
        const std::int64_t reserved = (cols - 256) * rows / 3 * 5 / 8 + 256 * rows / 2 * 4 / 8;
        if (regions.end > reserved)
            return fail(ErrorCode::Unsupported, shape + " weights do not fit the room that bitnet.cpp gives to TL2");
        return static_cast<std::uint64_t>((reserved + 31) / 32 * 32);
    }

    void loadRow(const std::uint8_t* in, std::int64_t rows, std::int64_t cols, std::int64_t row,
                 std::int16_t* codes) const noexcept override {
        static constexpr auto kMagnitudes = magnitudes();
        const Regions regions(*tilesOf(rows, cols), rows, cols);
        for (std::int64_t c = 0; c < regions.tripleCols; c += 3) {
            const std::int64_t at = regions.tripleByte(row, c);
            const int magnitude = c % kTripleStep < 3 ? in[at] >> 4 : in[at] & 15;
            const Regions::Sign sign = regions.signBit(row, c);
            const bool negative = (in[sign.byte] >> sign.bit) & 1;
            for (int i = 0; i < 3; ++i) {
                const int w = kMagnitudes[static_cast<std::size_t>(magnitude)].w[i];
                codes[c + i] = static_cast<std::int16_t>(kTernaryZero + (negative ? -w : w));
            }
        }
        for (std::int64_t c = regions.tripleCols; c < cols; c += 2) {
            const std::uint8_t byte = in[regions.pairByte(row, c)];
            const int pair = c % kPairStep < 2 ? byte >> 4 : byte & 15; // a rest starts at a multiple of 4
            codes[c] = static_cast<std::int16_t>(pair > 8 ? kTernaryZero : pair / 3);
            codes[c + 1] = static_cast<std::int16_t>(pair > 8 ? kTernaryZero : pair % 3);
        }
    }

    void storeRow(const std::int16_t* codes, std::int64_t rows, std::int64_t cols, std::int64_t row,
                  std::uint8_t* out) const noexcept override {
        const auto add = [&](std::int64_t at, int bits) { out[at] = static_cast<std::uint8_t>(out[at] | bits); };
        const Regions regions(*tilesOf(rows, cols), rows, cols);
        for (std::int64_t c = 0; c < regions.tripleCols; c += 3) {
            const int value = 9 * (codes[c] - kTernaryZero) + 3 * (codes[c + 1] - kTernaryZero)
                              + codes[c + 2] - kTernaryZero;
            const int magnitude = value < 0 ? -value : value;
            add(regions.tripleByte(row, c), c % kTripleStep < 3 ? magnitude << 4 : magnitude);
            if (value < 0) {
                const Regions::Sign sign = regions.signBit(row, c);
                add(sign.byte, 1 << sign.bit);
            }
        }
        for (std::int64_t c = regions.tripleCols; c < cols; c += 2) {
            const int pair = 3 * codes[c] + codes[c + 1];
            add(regions.pairByte(row, c), c % kPairStep < 2 ? pair << 4 : pair);
        }
    }

private:
    std::optional<TableTiles> tilesOf(std::int64_t rows, std::int64_t cols) const noexcept {
        return m_tiles ? m_tiles : tilesFor(kShapes, rows, cols);
    }

    /// Where things stand for one shape.
    struct Regions {
        TableTiles tiles;
        std::int64_t cols, tripleCols, signs, pairs, end;

        Regions(const TableTiles& t, std::int64_t rows, std::int64_t columns) noexcept
            : tiles(t), cols(columns), tripleCols(columns - columns % t.cols), signs(rows * tripleCols / 6),
              pairs(signs + rows * tripleCols / 24), end(pairs + rows * (columns - tripleCols) / 4) {}

        /// The 32 bytes of a strip at `col`: `step` columns each, tiles of `tileCols`, `width` columns in the region.
        std::int64_t strip(std::int64_t row, std::int64_t col, std::int64_t tileCols, std::int64_t width,
                           std::int64_t step) const noexcept {
            const std::int64_t tileRow = row / tiles.rows, inTile = row % tiles.rows / kStrip;
            return tileRow * tiles.rows * width / step + col / tileCols * (tiles.rows * tileCols / step)
                   + inTile * (kStrip * tileCols / step) + col % tileCols / step * kStrip;
        }
        std::int64_t tripleByte(std::int64_t row, std::int64_t col) const noexcept {
            return strip(row, col, tiles.cols, tripleCols, kTripleStep) + byteOfRow(row % kStrip);
        }
        std::int64_t pairByte(std::int64_t row, std::int64_t col) const noexcept {
            return pairs + strip(row, col - tripleCols, kPairTile, cols - tripleCols, kPairStep)
                   + byteOfRow(row % kStrip);
        }
        struct Sign {
            std::int64_t byte;
            int bit;
        };
        /// Sixteen words of 16 bits: word = row % 16; from the highest bit down the eight triples, the lower sixteen rows
        /// of the strip before the upper ones.
        Sign signBit(std::int64_t row, std::int64_t col) const noexcept {
            const std::int64_t triple = col % tiles.cols % kSignStep / 3, inStrip = row % kStrip;
            const int bit = static_cast<int>(15 - (2 * triple + inStrip / 16));
            const std::int64_t word = signs + strip(row, col, tiles.cols, tripleCols, kSignStep) + 2 * (inStrip % 16);
            return {word + bit / 8, bit % 8};
        }
    };

    std::optional<TableTiles> m_tiles;
};

} // namespace

std::shared_ptr<const Encoding> makeTl2(std::optional<TableTiles> tiles) { return std::make_shared<Tl2>(tiles); }

} // namespace trilobit
