// The plain loops as the compiler's baseline has them.
#include "forms.hpp"
#include "plainform.hpp"

namespace alva {
namespace {

void decode(const std::uint8_t* codes, std::uint8_t* numbers) { plain::decode(codes, numbers); }
std::uint8_t* partial56(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return plain::partial56<plain::Halves>(numbers, vy, out);
}
std::uint8_t* padded64(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return plain::padded64<plain::Halves>(numbers, vy, out);
}
std::uint8_t* resized64(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return plain::resized64<plain::Halves>(numbers, vy, out);
}

}  // namespace

extern const Form portable_form{"portable", decode, partial56, padded64, resized64, nullptr, nullptr};

}  // namespace alva
