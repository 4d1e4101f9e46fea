// weight: one weight of a tensor: its bytes, the fields in them and how its value comes about.
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/encodings/storedweight.h"
#include "core/quant/quantizetensor.h"

#include <cstdio>

namespace trilobit {

namespace {

constexpr std::uint64_t kMaxShownBytes = 4096; // blocks of affine groups can be as long as a row

std::string hexOf(std::span<const std::byte> bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const std::byte byte : bytes) {
        out += kDigits[std::to_integer<unsigned>(byte) >> 4];
        out += kDigits[std::to_integer<unsigned>(byte) & 15u];
    }
    return out;
}

Result<Json> stored(const Tensor& tensor, std::int64_t row, std::int64_t col) {
    TRILOBIT_TRY(const StoredWeight weight,
                 weightAt(*tensor.encoding, tensor.bytes, tensor.rows, tensor.cols, row, col));
    Json fields = Json::array();
    for (const StoredField& field : weight.fields) {
        Json bits = Json::array();
        for (const StoredBits& part : field.bits)
            bits.push(Json::object({{"byte", part.byte}, {"low", part.low}, {"count", part.count}}));
        fields.push(Json::object({{"role", fieldRoleName(field.role)},
                                  {"name", field.name},
                                  {"type", field.type},
                                  {"raw", field.raw},
                                  {"value", field.value},
                                  {"bits", bits}}));
    }
    const std::uint64_t shown = std::min(weight.blockBytes, kMaxShownBytes);
    Json out = Json::object({{"encoding", tensor.encoding->info().id},
                             {"block", Json::object({{"byte", weight.blockByte},
                                                     {"bytes", weight.blockBytes},
                                                     {"first_row", weight.firstElement / tensor.cols},
                                                     {"first_column", weight.firstElement % tensor.cols},
                                                     {"weights", weight.blockElements},
                                                     {"hex", hexOf(tensor.bytes.subspan(weight.blockByte, shown))}})},
                             {"fields", fields},
                             {"formula", weight.formula}});
    if (tensor.fileOffset > 0)
        out.set("file_offset", tensor.fileOffset + weight.blockByte);
    if (weight.code)
        out.set("code", *weight.code);
    for (const auto& [key, value] : {std::pair("level", weight.level), std::pair("scale", weight.scale),
                                     std::pair("zero", weight.zero), std::pair("minimum", weight.minimum)})
        if (value)
            out.set(key, *value);
    out.set("value", weight.value);
    return out;
}

Result<Json> weight(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    const Tensor* tensor = model->find(args["tensor"].toString());
    if (!tensor)
        return fail(ErrorCode::Usage, "there is no tensor \"" + args["tensor"].toString() + "\"");
    const std::int64_t row = args["row"].toInt(), col = args["column"].toInt();
    Json out = Json::object({{"tensor", tensor->name}, {"row", row}, {"column", col}});
    TRILOBIT_TRY(Json source, stored(*tensor, row, col));
    const double original = source["value"].toDouble();
    out.set("stored", std::move(source));
    if (args.contains("encoding")) {
        const Choice choice{args["method"].toString("rtn"), args["encoding"].toString(), {}};
        TRILOBIT_TRY(const QuantizedTensor quantized,
                     quantizeTensor(*tensor, choice, args["seed"].toUInt(), workspace.quantServices(), control));
        TRILOBIT_TRY(Json result, stored(quantized.tensor, row, col));
        result.set("error", result["value"].toDouble() - original);
        if (!quantized.note.empty())
            result.set("note", quantized.note);
        out.set("quantized", std::move(result));
    }
    return out;
}

std::string sideText(const Json& side) {
    const Json& block = side["block"];
    std::string out = side["encoding"].toString() + ", " + block["bytes"].dump() + " bytes from byte "
                      + block["byte"].dump() + " of the tensor hold " + block["weights"].dump() + " weights\n";
    const std::string& hex = block["hex"].toString();
    for (std::size_t at = 0; at < hex.size(); at += 32) {
        char place[32];
        std::snprintf(place, sizeof place, "  %04zx ", at / 2);
        out += place;
        for (std::size_t i = at; i < std::min(at + 32, hex.size()); i += 2)
            out += " " + hex.substr(i, 2);
        out += "\n";
    }
    std::vector<std::vector<std::string>> rows{{"field", "stored as", "value", "bits"}};
    for (const Json& field : side["fields"].items()) {
        std::string bits;
        for (const Json& part : field["bits"].items()) {
            const std::int64_t low = part["low"].toInt(), high = low + part["count"].toInt() - 1;
            bits += (bits.empty() ? "" : ", ") + part["byte"].dump() + ":" + std::to_string(high)
                    + (high == low ? "" : "-" + std::to_string(low));
        }
        rows.push_back({field["name"].toString(), field["type"].toString(), field["value"].dump(), bits});
    }
    out += textTable(rows) + side["formula"].toString() + " = " + side["value"].dump() + "\n";
    if (side.contains("error"))
        out += "error " + side["error"].dump() + "\n";
    return out;
}

std::string weightText(const Json& result) {
    std::string out = result["tensor"].toString() + ", row " + result["row"].dump() + ", column "
                      + result["column"].dump() + "\n\n" + sideText(result["stored"]);
    if (result.contains("quantized"))
        out += "\n" + sideText(result["quantized"]);
    return out;
}

} // namespace

std::vector<CommandSpec> weightVerbs() {
    return {{"weight",
             "one weight: its bytes in the file, the fields in them, and what a choice would make of it",
             {modelArg(),
              {"tensor", {"--tensor"}, ArgType::Text, true, "name of the tensor", {}},
              {"row", {"--row"}, ArgType::Integer, true, "output feature, counted from 0", {}},
              {"column", {"--column"}, ArgType::Integer, true, "input feature, counted from 0", {}},
              {"encoding", {"--encoding"}, ArgType::Text, false, "also what this encoding would store", {}},
              {"method", {"--method"}, ArgType::Text, false, "that chooses the values (rtn)", {}},
              {"seed", {"--seed"}, ArgType::Integer, false, "of the recipe (0)", {}}},
             weight,
             weightText}};
}

} // namespace trilobit
