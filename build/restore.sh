# Sourced by the scripts of the repository, in its root.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

# What holds a restore to the lock files. They name the compiler packages of one SDK, which each SDK has in a version of its own: with
# another one they can't hold, and must not be rewritten by the way either.
lock_arguments() {
  local bundled locked
  bundled=$(dotnet msbuild Rat.csproj -getProperty:BundledNETCoreAppPackageVersion) || return
  locked=$(grep -A 3 '"Microsoft.NET.ILLink.Tasks"' packages.lock.json | sed -n 's/.*"resolved": "\(.*\)".*/\1/p' | head -1)
  if [ "$bundled" = "$locked" ]; then
    echo "-p:RestoreLockedMode=true"
  else
    echo "packages.lock.json was made with the SDK of .NET $locked, this one is of $bundled: restoring without it" >&2
    echo "-p:NuGetLockFilePath=obj/packages.$bundled.lock.json"
  fi
}
