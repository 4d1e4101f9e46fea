#include "core/train/checkpoint/checkpoint.h"

#include "core/formats/safetensors/safetensorsreader.h"
#include "core/formats/safetensors/safetensorswriter.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace trilobit {

namespace {

constexpr const char* kNotesKey = "trilobit.train";

template <class Real>
constexpr const char* kType = sizeof(Real) == 8 ? "F64" : "F32";

/// All arrays of a state with the names they have in the file.
template <class Real>
std::vector<std::pair<std::string, std::span<Real>>> arraysOf(TrainState<Real>& state) {
    std::vector<std::pair<std::string, std::span<Real>>> out;
    const auto& list = state.decoder().layout().list;
    for (std::size_t i = 0; i < list.size(); ++i) {
        out.emplace_back(list[i].name, state.decoder().parameter(i));
        if (list[i].trained) {
            out.emplace_back(list[i].name + ".m", state.firstMoment(i));
            out.emplace_back(list[i].name + ".v", state.secondMoment(i));
        }
    }
    return out;
}

Result<Json> notesOf(const SafetensorsFile& file, const std::string& path) {
    for (const auto& [key, value] : file.metadata)
        if (key == kNotesKey && value.isString()) {
            auto notes = Json::parse(value.toString());
            if (!notes)
                return located(std::move(notes).error(), path, kNotesKey);
            return *std::move(notes);
        }
    return Error{ErrorCode::Format, "is missing in the file's metadata: this is not a training checkpoint", path, kNotesKey};
}

} // namespace

template <class Real>
Result<void> writeCheckpoint(const std::string& path, TrainState<Real>& state, const Json& notes, RunControl& control) {
    std::vector<SafetensorsTensorOut> tensors;
    for (const auto& [name, values] : arraysOf(state))
        tensors.push_back({name, kType<Real>, {static_cast<std::int64_t>(values.size())}, std::as_bytes(values)});
    Json all = notes;
    all.set("step", state.stepsDone());
    return writeSafetensors(path, tensors, {{kNotesKey, all.dump()}, {"format", "trilobit-checkpoint"}}, control);
}

template <class Real>
Result<Json> readCheckpoint(const std::string& path, TrainState<Real>& state) {
    TRILOBIT_TRY(const SafetensorsFile file, readSafetensors(path));
    TRILOBIT_TRY(Json notes, notesOf(file, path));
    const std::int64_t step = notes["step"].toInt(-1);
    if (step < 0)
        return Error{ErrorCode::Format, "expected a step count of 0 or more", path, std::string(kNotesKey) + ".step"};
    std::map<std::string_view, const SafetensorsTensor*> byName;
    for (const SafetensorsTensor& tensor : file.tensors)
        byName[tensor.name] = &tensor;
    const auto arrays = arraysOf(state);
    for (const auto& [name, values] : arrays) {
        const auto found = byName.find(name);
        if (found == byName.end())
            return Error{ErrorCode::Format, "is missing, but the run described in this checkpoint needs it", path, name};
        if (found->second->dtype != kType<Real> || found->second->bytes.size() != values.size_bytes())
            return Error{ErrorCode::Format, "has " + std::to_string(found->second->bytes.size()) + " bytes of "
                         + found->second->dtype + "; expected " + std::to_string(values.size_bytes()) + " of "
                         + kType<Real>, path, name, found->second->fileOffset};
    }
    for (const auto& [name, values] : arrays)
        std::memcpy(values.data(), byName[name]->bytes.data(), values.size_bytes());
    state.setStepsDone(step);
    return notes;
}

Result<Json> readCheckpointNotes(const std::string& path) {
    TRILOBIT_TRY(const SafetensorsFile file, readSafetensors(path));
    return notesOf(file, path);
}

Result<bool> readParameters(const std::string& path, TrainDecoder<float>& decoder) {
    TRILOBIT_TRY(const SafetensorsFile file, readSafetensors(path));
    TRILOBIT_TRY(const Json notes, notesOf(file, path));
    std::vector<bool> extra(decoder.layout().list.size());
    for (const LayerSlots& layer : decoder.layout().layers)
        for (const LinearSlot* slot : layer.matrices())
            for (const std::size_t index : slot->extras)
                extra[index] = true;
    const auto bytesOf = [&](std::size_t i) -> std::span<const std::byte> {
        const auto found = std::find_if(file.tensors.begin(), file.tensors.end(),
                                        [&](const auto& t) { return t.name == decoder.layout().list[i].name; });
        const bool fits = found != file.tensors.end() && found->dtype == "F32"
                          && found->bytes.size() == decoder.parameter(i).size_bytes();
        return fits ? found->bytes : std::span<const std::byte>();
    };
    bool extras = true;
    for (std::size_t i = 0; i < extra.size(); ++i) {
        const bool there = !bytesOf(i).empty();
        extras = extras && (there || !extra[i]);
        if (!there && !extra[i])
            return Error{ErrorCode::Format, "expected " + std::to_string(decoder.parameter(i).size())
                         + " values of F32 for a model of this shape", path, decoder.layout().list[i].name};
    }
    for (std::size_t i = 0; i < extra.size(); ++i)
        if (extras || !extra[i])
            std::memcpy(decoder.parameter(i).data(), bytesOf(i).data(), decoder.parameter(i).size_bytes());
    return extras;
}

template Result<void> writeCheckpoint(const std::string&, TrainState<float>&, const Json&, RunControl&);
template Result<void> writeCheckpoint(const std::string&, TrainState<double>&, const Json&, RunControl&);
template Result<Json> readCheckpoint(const std::string&, TrainState<float>&);
template Result<Json> readCheckpoint(const std::string&, TrainState<double>&);

} // namespace trilobit
