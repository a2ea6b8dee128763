// Asking the CPU once.
#include "forms.hpp"

namespace alva {

const std::vector<const Form*>& forms() {
  static const std::vector<const Form*> runnable = [] {
    std::vector<const Form*> found;
    for (const Form* form : {avx512_form(), avx2_form(), &portable_form})
      if (form) found.push_back(form);
    return found;
  }();
  return runnable;
}

}  // namespace alva
