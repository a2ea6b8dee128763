#include "jointforms.hpp"
const alva::JointForm* alva::avx512_joint_form() { return nullptr; }
