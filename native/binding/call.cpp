// Calls, their answers, and what becomes of their exceptions.
#include "call.hpp"

#include <exception>
#include <new>
#include <string>
#include <utility>

namespace alva::binding {
namespace {

Napi::Value value_of(Napi::Env env, const Answer& answer) {
  if (const double* number = std::get_if<double>(&answer)) return Napi::Number::New(env, *number);
  if (const bool* truth = std::get_if<bool>(&answer)) return Napi::Boolean::New(env, *truth);
  return env.Undefined();
}

// The exception that is being handled, as JavaScript shall have it.
Napi::Error error_of(Napi::Env env, const char* name) {
  try {
    throw;
  } catch (const Napi::Error& error) {
    return error;
  } catch (const std::invalid_argument& error) {
    return Napi::TypeError::New(env, error.what());
  } catch (const std::bad_alloc&) {
    return Napi::Error::New(env, std::string(name) + ": memory ran out; expected smaller arrays or fewer threads");
  } catch (const std::length_error&) {
    return Napi::Error::New(env, std::string(name) + ": more memory than there can be; expected smaller arrays or fewer threads");
  } catch (const std::exception& error) {
    return Napi::Error::New(env, error.what());
  } catch (...) {
    return Napi::Error::New(env, std::string(name) + ": failed");
  }
}

// Work on a thread of its own. It has its own copies of all arrays, so JavaScript may move, empty or drop the caller's meanwhile.
class Later : public Napi::AsyncWorker {
 public:
  Later(const Napi::CallbackInfo& info, const char* name, Reader reader)
      : Napi::AsyncWorker(info.Env(), name), name_(name), given_(info, true), deferred_(Napi::Promise::Deferred::New(info.Env())), work_(reader(given_)) {}
  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    try {
      answer_ = work_();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  void OnOK() override {
    try {
      settle();
    } catch (...) {
      // A worker thread that is being ended takes no answer any more; an exception that left here would end the process.
    }
  }

 private:
  void settle() {
    try {
      if (failure_) std::rethrow_exception(failure_);
      given_.deliver(Env());
      deferred_.Resolve(value_of(Env(), answer_));
    } catch (...) {
      deferred_.Reject(error_of(Env(), name_).Value());
    }
  }

  const char* name_;
  Arguments given_;
  Napi::Promise::Deferred deferred_;
  Work work_;
  Answer answer_;
  std::exception_ptr failure_;
};

}  // namespace

Napi::Function function_of(Napi::Env env, const char* name, Reader reader) {
  return Napi::Function::New(env, [=](const Napi::CallbackInfo& info) {
    try {
      Arguments given(info, false);
      return value_of(info.Env(), reader(given)());
    } catch (...) {
      throw error_of(info.Env(), name);
    }
  }, name);
}

Napi::Function later_function_of(Napi::Env env, const char* name, Reader reader) {
  return Napi::Function::New(env, [=](const Napi::CallbackInfo& info) -> Napi::Value {
    try {
      auto later = std::make_unique<Later>(info, name, reader);
      const Napi::Promise promise = later->promise();
      later->Queue();
      later.release();  // deletes itself when it is done
      return promise;
    } catch (...) {
      throw error_of(info.Env(), name);
    }
  }, name);
}

Napi::Function function_of(Napi::Env env, const char* name, Plain plain) {
  return Napi::Function::New(env, [=](const Napi::CallbackInfo& info) {
    try {
      return plain(info.Env(), Arguments(info, false));
    } catch (...) {
      throw error_of(info.Env(), name);
    }
  }, name);
}

}  // namespace alva::binding
