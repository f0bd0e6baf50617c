#!/usr/bin/env pwsh
<#
Publishes rat as one file on Windows: dist/rat.exe for this host, dist/RID/rat.exe for another runtime identifier (such as win-arm64).
Run it in a developer prompt of Visual Studio's C++ tools. On Linux and macOS: publish.sh.

  ./publish.ps1 [RID]

RAT_FAST_BUILD=1 compresses less: 3 MB more in a minute instead of five.
Exit code 2: this host lacks something, or can't link for that RID; each is one line. 1: the build failed.
#>
param([string] $Rid)

$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

function Stop-Publish([string[]] $lines, [int] $code = 2) {
    foreach ($line in $lines) { [Console]::Error.WriteLine("publish.ps1: $line") }
    exit $code
}

# What the host lacks, all of it at once.
$missing = @()
foreach ($tool in @(
    @('dotnet', 'install the .NET 10 SDK'),
    @('node', 'install Node.js 20 or newer, which compresses the embedded library'),
    @('npm', "install npm, which fetches SQLite's source"),
    @('tar', 'install tar, which Windows 10 and later have'))) {
    if (-not (Get-Command $tool[0] -ErrorAction SilentlyContinue)) { $missing += "$($tool[0]) is missing: $($tool[1])" }
}
if ($missing) { Stop-Publish $missing }

$sdk = dotnet --version 2>$null
if ($LASTEXITCODE -ne 0) { Stop-Publish 'no .NET SDK that global.json accepts: install the .NET 10 SDK' }
if ([int](node -p 'process.versions.node.split(".")[0]') -lt 20) { Stop-Publish "Node.js $(node --version) is too old: install 20 or newer" }

$target = dotnet msbuild Rat.csproj -getProperty:NETCoreSdkPortableRuntimeIdentifier
if (-not $Rid) { $Rid = $target }
if ($Rid -notmatch '^win-(x64|arm64)$') { Stop-Publish "$Rid can't be published by this script (on Linux and macOS: publish.sh)" }
if ($target -notlike 'win-*') { Stop-Publish "$Rid can't be linked on ${target}: run this script on Windows" }
foreach ($tool in 'cl', 'lib', 'link') {
    if (-not (Get-Command $tool -ErrorAction SilentlyContinue)) { $missing += "$tool is missing: run this in a developer prompt of Visual Studio's C++ tools" }
}
if ($missing) { Stop-Publish $missing }

$out = "obj/publish/$Rid"
$commit = git rev-parse HEAD 2>$null
if (-not $commit) { $commit = 'unknown' }
$time = (Get-Date).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')
dotnet publish Rat.csproj -c Release -r $Rid -o $out "-p:GitCommit=$commit" "-p:BuildTime=$time" -p:ContinuousIntegrationBuild=true
if ($LASTEXITCODE -ne 0) { Stop-Publish 'the build failed' 1 }

$file = if ($Rid -eq $target) { 'dist/rat.exe' } else { "dist/$Rid/rat.exe" }
New-Item -ItemType Directory -Force (Split-Path $file) | Out-Null
Move-Item -Force "$out/rat.exe" $file
Write-Output "${file}: $((Get-Item $file).Length) bytes, SDK $sdk"
