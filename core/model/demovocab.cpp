#include "core/model/demovocab.h"

#include <string>
#include <string_view>

namespace trilobit {

namespace {

/// Pieces in the order in which pair merging found them on a list of common words: each is two earlier ones joined, so
/// every one can be reached. '_' stands for the space.
constexpr std::string_view kPieces =
    "_t _th _a _o _the _w _i nd _of _h _s _and er _f _to _b at _m re _in ou _l _on or _n _is _c _wa _wh _ha th "
    "_that is ll me _it _for an _was ow _wi _d en _p _be ut ve _are _as _with _u ch se _his ea _they _g ld _li ome "
    "_at _no _one id ke ro _have gh ere ay _an _mo _this st _we _fro _from _or ver ir _had _by _not ould _sh _but "
    "_sa ther in _what _y oo _some ght _can ar _out our _st _other _were _ca _do _ea _man _all _se ound _there _e "
    "it le _when ake _whi _up _use _your _how _thin _said _each _she _pl _which _hi _r _ne _their ight _ti _time "
    "_wor _if ac ear _will _way _ab _abou _about _many _then _k _them _wr _writ _write ge very _nu _num _numb "
    "_number _would _like";
constexpr std::string_view kSpaceMark = "\xE2\x96\x81"; // U+2581
constexpr std::string_view kChatTemplate =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

// tokenizer.ggml.token_type
constexpr std::int64_t kNormal = 1, kUnknown = 2, kControl = 3, kByte = 6;

struct Vocabulary {
    std::vector<std::string> tokens;
    std::vector<double> scores;
    std::vector<std::int64_t> types;

    void add(std::string token, double score, std::int64_t type) {
        tokens.push_back(std::move(token));
        scores.push_back(score);
        types.push_back(type);
    }
};

std::string byteToken(int byte) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    return std::string("<0x") + kDigits[static_cast<std::size_t>(byte >> 4)]
           + kDigits[static_cast<std::size_t>(byte & 15)] + ">";
}

Vocabulary demoVocabulary() {
    Vocabulary v;
    v.add("<unk>", 0, kUnknown);
    v.add("<s>", 0, kControl);
    v.add("</s>", 0, kControl);
    for (int byte = 0; byte < 256; ++byte)
        v.add(byteToken(byte), 0, kByte);
    v.add("<|im_start|>", 0, kControl);
    v.add("<|im_end|>", 0, kControl);
    double score = 0;
    for (std::size_t begin = 0; begin < kPieces.size();) {
        const std::size_t end = std::min(kPieces.find(' ', begin), kPieces.size());
        std::string piece(kPieces.substr(begin, end - begin));
        if (piece.front() == '_')
            piece = std::string(kSpaceMark) + piece.substr(1);
        v.add(std::move(piece), --score, kNormal);
        begin = end + 1;
    }
    v.add(std::string(kSpaceMark), --score, kNormal);
    for (char c = '!'; c <= '~'; ++c)
        v.add(std::string(1, c), --score, kNormal);
    return v;
}

} // namespace

void addDemoVocabulary(Metadata& metadata) {
    Vocabulary v = demoVocabulary();
    metadata.set("tokenizer.ggml.model", MetaValue::string("llama"));
    metadata.set("tokenizer.ggml.pre", MetaValue::string("default"));
    metadata.set("tokenizer.ggml.tokens", MetaValue::strings(std::move(v.tokens)));
    metadata.set("tokenizer.ggml.scores", MetaValue::f32s(std::move(v.scores)));
    metadata.set("tokenizer.ggml.token_type", MetaValue::i32s(std::move(v.types)));
    metadata.set("tokenizer.ggml.bos_token_id", MetaValue::u32(1));
    metadata.set("tokenizer.ggml.eos_token_id", MetaValue::u32(2));
    metadata.set("tokenizer.ggml.unknown_token_id", MetaValue::u32(0));
    metadata.set("tokenizer.ggml.add_bos_token", MetaValue::boolean(true));
    metadata.set("tokenizer.ggml.add_eos_token", MetaValue::boolean(false));
    metadata.set("tokenizer.ggml.add_space_prefix", MetaValue::boolean(true));
    metadata.set("tokenizer.chat_template", MetaValue::string(std::string(kChatTemplate)));
}

} // namespace trilobit
