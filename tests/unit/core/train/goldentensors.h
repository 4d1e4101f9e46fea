// Named double arrays from a safetensors file of reference results.
#pragma once

#include "core/formats/safetensors/safetensorsreader.h"
#include "tests/support/testdata.h"

#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace trilobit::test {

class GoldenTensors {
public:
    explicit GoldenTensors(const QString& path) {
        auto file = readSafetensors(path.toStdString());
        if (!file)
            qFatal("%s", file.error().text().c_str());
        for (const SafetensorsTensor& tensor : file->tensors) {
            std::vector<double> values;
            const std::byte* bytes = tensor.bytes.data();
            const auto read = [&]<class T>(T) {
                values.resize(tensor.bytes.size() / sizeof(T));
                for (std::size_t i = 0; i < values.size(); ++i) {
                    T value;
                    std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
                    values[i] = static_cast<double>(value);
                }
            };
            if (tensor.dtype == "F64")
                read(double{});
            else if (tensor.dtype == "F32")
                read(float{});
            else if (tensor.dtype == "I32")
                read(std::int32_t{});
            else
                qFatal("unexpected dtype %s", tensor.dtype.c_str());
            m_values[tensor.name] = std::move(values);
            m_shapes[tensor.name] = tensor.shape;
        }
    }
    const std::vector<double>& operator[](const std::string& name) const {
        const auto found = m_values.find(name);
        if (found == m_values.end())
            qFatal("no tensor %s", name.c_str());
        return found->second;
    }
    const std::vector<std::int64_t>& shape(const std::string& name) const { return m_shapes.at(name); }
    std::vector<std::int32_t> integers(const std::string& name) const {
        const auto& values = (*this)[name];
        return std::vector<std::int32_t>(values.begin(), values.end());
    }
    const std::map<std::string, std::vector<double>>& all() const { return m_values; }

private:
    std::map<std::string, std::vector<double>> m_values;
    std::map<std::string, std::vector<std::int64_t>> m_shapes;
};

/// ||a - b|| / ||b||, or ||a|| when b is zero.
inline double relativeDistance(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size())
        return 1e300;
    double difference = 0, norm = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference += (a[i] - b[i]) * (a[i] - b[i]);
        norm += b[i] * b[i];
    }
    return norm > 0 ? std::sqrt(difference / norm) : std::sqrt(difference);
}

} // namespace trilobit::test
