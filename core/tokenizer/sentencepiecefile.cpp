// SentencePiece .model files: a protocol buffer of which only the fields that matter here are read.
#include "core/tokenizer/charsmap.h"
#include "core/tokenizer/endofgeneration.h"
#include "core/tokenizer/tokenizerfiles.h"

#include "core/base/mappedfile.h"
#include "core/base/utf8.h"

#include <bit>
#include <cstring>
#include <optional>

namespace trilobit {

namespace {

constexpr std::size_t kMaxFileBytes = 32u << 20;
constexpr std::size_t kMaxPieces = 1'000'000; // several times the largest vocabulary
constexpr std::int64_t kModelTypeUnigram = 1, kModelTypeBpe = 2;

/// Field numbers and types of sentencepiece_model.proto that are read.
enum ModelField { kPieces = 1, kTrainerSpec = 2, kNormalizerSpec = 3 };
enum PieceField { kPieceText = 1, kPieceScore = 2, kPieceType = 3 };
enum TrainerField { kModelType = 3, kUnknownId = 40, kBosId = 41, kEosId = 42, kPadId = 43 };
enum NormalizerField { kCharsMap = 2, kAddDummyPrefix = 3, kRemoveExtraSpaces = 4 };

struct Field {
    std::uint32_t number = 0;
    std::uint32_t wire = 0;  ///< 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes
    std::uint64_t value = 0; ///< varint or fixed
    std::string_view bytes;  ///< length-delimited
};

/// Walks the fields of one message; every length is checked against what is left.
class Reader {
public:
    explicit Reader(std::string_view data) : m_data(data) {}
    bool atEnd() const { return m_at == m_data.size(); }
    std::size_t position() const { return m_at; }

    bool next(Field& field) {
        std::uint64_t key = 0;
        if (!varint(key) || key >> 3 == 0 || key >> 3 > 0x1FFFFFFF)
            return false;
        field = {static_cast<std::uint32_t>(key >> 3), static_cast<std::uint32_t>(key & 7), 0, {}};
        switch (field.wire) {
        case 0: return varint(field.value);
        case 1: return fixed(8, field.value);
        case 5: return fixed(4, field.value);
        case 2: {
            std::uint64_t length = 0;
            if (!varint(length) || length > m_data.size() - m_at)
                return false;
            field.bytes = m_data.substr(m_at, static_cast<std::size_t>(length));
            m_at += static_cast<std::size_t>(length);
            return true;
        }
        default: return false;
        }
    }

private:
    bool varint(std::uint64_t& value) {
        value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (m_at == m_data.size())
                return false;
            const auto byte = static_cast<unsigned char>(m_data[m_at++]);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80)
                return true;
        }
        return false;
    }
    bool fixed(std::size_t size, std::uint64_t& value) {
        if (m_data.size() - m_at < size)
            return false;
        value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(m_data[m_at + i])) << (8 * i);
        m_at += size;
        return true;
    }

    std::string_view m_data;
    std::size_t m_at = 0;
};

/// Calls use(field) for every field; false when the message is damaged.
template <class Use>
bool forEachField(std::string_view message, Use&& use) {
    Reader reader(message);
    Field field;
    while (!reader.atEnd()) {
        if (!reader.next(field))
            return false;
        use(field);
    }
    return true;
}

struct ModelSpec {
    std::int64_t modelType = 1; ///< unigram when the field is missing
    std::int64_t unknown = 0, bos = 1, eos = 2, padding = -1;
    std::string_view charsMap; ///< into the file
    bool addDummyPrefix = true, removeExtraSpaces = true;
    bool hasTrainer = false; ///< every whole file has one, behind its pieces
};

bool readPiece(std::string_view message, TokenizerData& data) {
    std::string text;
    float score = 0;
    TokenType type = TokenType::Normal;
    const bool whole = forEachField(message, [&](const Field& field) {
        if (field.number == kPieceText && field.wire == 2)
            text = field.bytes;
        else if (field.number == kPieceScore && field.wire == 5)
            score = std::bit_cast<float>(static_cast<std::uint32_t>(field.value));
        else if (field.number == kPieceType && field.wire == 0 && field.value >= 1 && field.value <= 6)
            type = static_cast<TokenType>(field.value);
    });
    // User-defined pieces are looked for in the text as it is, where spaces are spaces.
    if (type == TokenType::UserDefined)
        for (std::size_t at; (at = text.find("\xE2\x96\x81")) != std::string::npos;)
            text.replace(at, 3, " ");
    data.tokens.push_back(std::move(text));
    data.scores.push_back(score);
    data.types.push_back(type);
    return whole;
}

bool readSpecs(const Field& field, ModelSpec& spec) {
    // Ids are signed: -1 is written as a ten-byte varint.
    const auto number = [](const Field& f) { return static_cast<std::int64_t>(f.value); };
    if (field.number == kTrainerSpec) {
        spec.hasTrainer = true;
        return forEachField(field.bytes, [&](const Field& f) {
            if (f.wire != 0)
                return;
            switch (f.number) {
            case kModelType: spec.modelType = number(f); break;
            case kUnknownId: spec.unknown = number(f); break;
            case kBosId: spec.bos = number(f); break;
            case kEosId: spec.eos = number(f); break;
            case kPadId: spec.padding = number(f); break;
            default: break;
            }
        });
    }
    return forEachField(field.bytes, [&](const Field& f) {
        if (f.number == kCharsMap && f.wire == 2)
            spec.charsMap = f.bytes;
        else if (f.number == kAddDummyPrefix && f.wire == 0)
            spec.addDummyPrefix = f.value != 0;
        else if (f.number == kRemoveExtraSpaces && f.wire == 0)
            spec.removeExtraSpaces = f.value != 0;
    });
}

TokenId idWithin(std::int64_t id, const TokenizerData& data) {
    return id >= 0 && id < static_cast<std::int64_t>(data.tokens.size()) ? static_cast<TokenId>(id) : kNoToken;
}

/// Where each message of the file is; nothing but the pieces is large.
struct Outline {
    std::size_t pieces = 0;
    std::optional<std::size_t> trainer;
};

/// Walks the whole file before anything is built of it, so that a broken one costs nothing.
Result<Outline> outline(std::string_view bytes, const std::string& path) {
    Outline out;
    Reader reader(bytes);
    Field field;
    while (!reader.atEnd()) {
        const std::size_t at = reader.position();
        if (!reader.next(field))
            return Error{ErrorCode::Format, "this is not a whole SentencePiece model, expected a field that ends inside the file",
                         path, "piece " + std::to_string(out.pieces), at};
        if (field.wire != 2)
            continue;
        out.pieces += field.number == kPieces;
        if (field.number == kTrainerSpec)
            out.trainer = at;
        if (out.pieces > kMaxPieces)
            return Error{ErrorCode::Format, "there are more than " + std::to_string(kMaxPieces) + " pieces, expected at most so many",
                         path, "pieces", at};
    }
    if (out.pieces == 0)
        return Error{ErrorCode::Format, "this SentencePiece model has none, expected its vocabulary", path, "pieces", 0};
    if (!out.trainer)
        return Error{ErrorCode::Format, "this is not a whole SentencePiece model: expected a message behind the pieces that says "
                     "of what kind it is", path, "trainer_spec", bytes.size()};
    return out;
}

} // namespace

Result<TokenizerData> tokenizerDataFromSentencePiece(const std::string& path) {
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    if (file->bytes().size() > kMaxFileBytes)
        return Error{ErrorCode::Format, "has " + std::to_string(file->bytes().size()) + " bytes, expected at most "
                     + std::to_string(kMaxFileBytes), path, "size", 0};
    const std::string_view bytes(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
    TRILOBIT_TRY(const Outline outlined, outline(bytes, path));
    TokenizerData data;
    data.kind = TokenizerKind::SentencePiece;
    data.tokens.reserve(outlined.pieces);
    data.scores.reserve(outlined.pieces);
    data.types.reserve(outlined.pieces);
    ModelSpec spec;
    Reader reader(bytes);
    Field field;
    while (!reader.atEnd()) {
        const std::size_t at = reader.position();
        bool whole = reader.next(field);
        if (whole && field.number == kPieces && field.wire == 2)
            whole = readPiece(field.bytes, data);
        else if (whole && (field.number == kTrainerSpec || field.number == kNormalizerSpec) && field.wire == 2)
            whole = readSpecs(field, spec);
        if (!whole)
            return Error{ErrorCode::Format, "this is not a whole SentencePiece model, expected a message whose fields fill it",
                         path, field.number == kPieces ? "piece " + std::to_string(data.tokens.size() - 1) : "specification", at};
    }
    if (spec.modelType != kModelTypeBpe && spec.modelType != kModelTypeUnigram)
        return Error{ErrorCode::Unsupported,
                     "this SentencePiece model cuts text into words or characters; supported are BPE and unigram", path,
                     "trainer_spec.model_type", *outlined.trainer};
    if (spec.modelType == kModelTypeUnigram) {
        data.kind = TokenizerKind::Unigram;
        data.floatScores = true;
        data.mergeSpaces = spec.removeExtraSpaces;
    }
    if (!spec.charsMap.empty()) {
        if (auto map = CharsMap::read(spec.charsMap); !map) {
            Error error = std::move(map).error();
            error.offset = static_cast<std::uint64_t>(spec.charsMap.data() - bytes.data());
            return located(std::move(error), path);
        }
        data.normalizers.push_back({TextStep::Kind::CharsMap, std::string(spec.charsMap), {}});
    }
    if (spec.modelType == kModelTypeBpe && spec.removeExtraSpaces && !data.normalizers.empty()) {
        data.normalizers.push_back({TextStep::Kind::ReplaceExpression, " +", " "});
        data.normalizers.push_back({TextStep::Kind::ReplaceExpression, "^ +| +$", ""});
    }
    data.unknown = idWithin(spec.unknown, data);
    data.bos = idWithin(spec.bos, data);
    data.eos = idWithin(spec.eos, data);
    data.padding = idWithin(spec.padding, data);
    data.addBos = data.bos != kNoToken;
    data.addSpacePrefix = spec.addDummyPrefix;
    data.preTokenizer = "default";
    addWellKnownEnds(data);
    return data;
}

} // namespace trilobit
