#include "widgets/common/choices.h"

#include "widgets/common/format.h"

#include <array>

namespace trilobit {

namespace {

constexpr std::array kUsualEncodings = {"TQ2_0", "I2_S", "Q4_1", "Q4_0", "affine-g64-b4", "Q8_0", "F16"};

bool accepts(const Method& method, const Encoding& encoding, const ParamValues& params, const Tensor& tensor) {
    return encoding.sizeBytes(tensor.rows, tensor.cols).has_value()
           && method.accepts(encoding.info(), params, tensor.rows, tensor.cols).has_value();
}

} // namespace

std::string usualMethod(const Encoding& encoding, const Tensor& tensor, const QuantServices& services) {
    const Grid& grid = encoding.info().grid;
    const bool ternary = grid.kind == GridKind::Linear && grid.levels() == 3;
    std::string first;
    for (const char* id : {ternary ? "absmean" : "rtn", "rtn"})
        if (const auto method = services.methods->find(id); method && accepts(**method, encoding, {}, tensor))
            return id;
    for (const auto& method : services.methods->all()) {
        if (accepts(*method, encoding, {}, tensor))
            return method->info().id;
        if (first.empty())
            first = method->info().id;
    }
    return first;
}

Choice withEncoding(const Choice& before, const std::string& encoding, const Tensor& tensor,
                    const QuantServices& services) {
    if (encoding.empty())
        return {};
    Choice after = before;
    after.encoding = encoding;
    if (before.keeps() || before.method.empty())
        if (const auto found = services.encodings->find(encoding))
            after.method = usualMethod(**found, tensor, services);
    return after;
}

Choice withMethod(const Choice& before, const std::string& method, const Tensor& tensor,
                  const QuantServices& services) {
    if (method.empty())
        return {};
    Choice after = before;
    if (after.method != method)
        after.params.clear(); // they belong to the other method
    after.method = method;
    if (!before.keeps())
        return after;
    const auto found = services.methods->find(method);
    if (!found)
        return after;
    // Round-to-nearest takes anything; a ternary default would surprise.
    const bool preferFourBits = method == "rtn";
    for (const char* id : kUsualEncodings) {
        const auto encoding = services.encodings->find(id);
        if (!encoding || (preferFourBits && (*encoding)->info().grid.levels() == 3))
            continue;
        if (accepts(**found, **encoding, {}, tensor)) {
            after.encoding = (*encoding)->info().id;
            break;
        }
    }
    return after;
}

QString refusal(const Choice& choice, const Tensor& tensor, const QuantServices& services) {
    if (choice.keeps())
        return {};
    const auto encoding = services.encodings->find(choice.encoding);
    if (!encoding)
        return errorText(encoding.error());
    const auto method = services.methods->find(choice.method);
    if (!method)
        return errorText(method.error());
    const auto accepted = (*method)->accepts((*encoding)->info(), choice.params, tensor.rows, tensor.cols);
    return accepted ? QString() : qtext(accepted.error().message);
}

QString shapeObstacle(const std::string& encoding, const Tensor& tensor, const QuantServices& services) {
    if (encoding.empty())
        return {};
    const auto found = services.encodings->find(encoding);
    if (!found)
        return errorText(found.error());
    const auto size = (*found)->sizeBytes(tensor.rows, tensor.cols);
    return size ? QString() : qtext(size.error().message);
}

QString methodTitle(const std::string& id, const QuantServices& services) {
    const auto method = services.methods->find(id);
    return qtext(method && !(*method)->info().title.empty() ? (*method)->info().title : id);
}

} // namespace trilobit
