// AlignedBuffer<T>: owned, 64-byte aligned, uninitialised storage for trivially copyable T; in huge pages where it is large.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace trilobit {

template <class T>
class AlignedBuffer {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    AlignedBuffer() = default;
    /// Throws std::bad_alloc when the size overflows or memory is out; sizes from files are checked before.
    explicit AlignedBuffer(std::size_t count) : m_size(count) {
        if (count == 0)
            return;
        if (count > (std::numeric_limits<std::size_t>::max() - kHugePage) / sizeof(T))
            throw std::bad_alloc();
        const std::size_t bytes = (count * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
        const std::size_t alignment = bytes >= kLarge ? kHugePage : kAlignment;
        const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment; // untouched pages cost nothing
        m_data = static_cast<T*>(std::aligned_alloc(alignment, rounded));
        if (!m_data)
            throw std::bad_alloc();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
        // Reading on and on through small pages is a fifth slower: the hardware's read-ahead ends with every page. A refusal
        // changes nothing but that.
        if (alignment == kHugePage)
            ::madvise(m_data, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
    }
    AlignedBuffer(AlignedBuffer&& other) noexcept
        : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {}
    AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
        return *this;
    }
    ~AlignedBuffer() { std::free(m_data); }

    T* data() noexcept { return m_data; }
    const T* data() const noexcept { return m_data; }
    std::size_t size() const noexcept { return m_size; }
    bool empty() const noexcept { return m_size == 0; }
    T& operator[](std::size_t i) noexcept { return m_data[i]; }
    const T& operator[](std::size_t i) const noexcept { return m_data[i]; }
    T* begin() noexcept { return m_data; }
    T* end() noexcept { return m_data + m_size; }
    const T* begin() const noexcept { return m_data; }
    const T* end() const noexcept { return m_data + m_size; }
    operator std::span<T>() noexcept { return {m_data, m_size}; }
    operator std::span<const T>() const noexcept { return {m_data, m_size}; }

private:
    static constexpr std::size_t kAlignment = 64, kHugePage = std::size_t{2} << 20, kLarge = 2 * kHugePage;
    T* m_data = nullptr;
    std::size_t m_size = 0;
};

} // namespace trilobit
