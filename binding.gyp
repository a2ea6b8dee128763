# The same addon as CMakeLists.txt, for machines without cmake.
{
  'targets': [
    {
      'target_name': 'alva',
      'sources': ['<!@(node scripts/gyp-inputs.mjs sources)'],
      'include_dirs': ['native/core', '<!(node -p "require(\'node-addon-api\').include_dir")'],
      'defines': [
        'NAPI_VERSION=8',
        'NAPI_CPP_EXCEPTIONS',
        # In a worker thread that is being ended nothing can be thrown; without this the process would end.
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
        'ALVA_BUILDER="node-gyp"',
        '<!@(node scripts/gyp-inputs.mjs defines)',
      ],
      'libraries': ['<!@(node scripts/gyp-inputs.mjs libraries)'],
      # gyp's defaults for addons switch exceptions and RTTI off and choose the standard of Node itself.
      'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20'],
      'cflags_cc': ['-std=c++20', '-Wall', '-Wextra', '-ffp-contract=off', '-O3', '-fvisibility=hidden'],
      'ldflags': ['-pthread'],
      'xcode_settings': {
        'CLANG_CXX_LANGUAGE_STANDARD': 'c++20',
        'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
        'GCC_ENABLE_CPP_RTTI': 'YES',
        'GCC_OPTIMIZATION_LEVEL': '3',
        'MACOSX_DEPLOYMENT_TARGET': '11.0',
        'OTHER_CFLAGS': ['-ffp-contract=off'],
      },
    },
  ],
}
