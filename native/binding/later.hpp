// Work that runs on a thread of its own while JavaScript goes on; the caller's buffers are kept until it is done.
#pragma once
#include <napi.h>

#include <functional>
#include <utility>
#include <vector>

namespace alva::binding {

class Later : public Napi::AsyncWorker {
 public:
  // A promise of what `work` returns; an exception becomes a rejection. All arguments of the call stay referenced.
  static Napi::Promise of(const Napi::CallbackInfo& info, std::function<double()> work) {
    auto* later = new Later(info, std::move(work));
    const Napi::Promise promise = later->deferred_.Promise();
    later->Queue();
    return promise;
  }

 protected:
  void Execute() override { answer_ = work_(); }
  void OnOK() override { deferred_.Resolve(Napi::Number::New(Env(), answer_)); }
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Later(const Napi::CallbackInfo& info, std::function<double()> work)
      : Napi::AsyncWorker(info.Env()), deferred_(Napi::Promise::Deferred::New(info.Env())), work_(std::move(work)) {
    for (std::size_t i = 0; i < info.Length(); ++i)
      if (info[i].IsObject()) kept_.push_back(Napi::Persistent(info[i].As<Napi::Object>()));
  }

  Napi::Promise::Deferred deferred_;
  std::function<double()> work_;
  std::vector<Napi::ObjectReference> kept_;
  double answer_ = 0;
};

}  // namespace alva::binding
