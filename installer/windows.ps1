# Build MarrowScope for Windows: a folder, a portable .zip and, with Inno Setup, an installer.
# Written on Linux and NOT YET TRIED on Windows. Needs Python 3.11 or newer (64 bit):
#   powershell -ExecutionPolicy Bypass -File installer\windows.ps1
$ErrorActionPreference = "Stop"
Set-Location (Split-Path $PSScriptRoot -Parent)

function Invoke-Checked {
    $words = $args[1..($args.Count - 1)]
    & $args[0] @words
    if ($LASTEXITCODE -ne 0) { throw "$($args -join ' ') ended with $LASTEXITCODE" }
}

Invoke-Checked py -3 installer/environment.py .venv-installer installer
$python = ".venv-installer\Scripts\python.exe"
$version = & $python -c "import marrowscope; print(marrowscope.__version__)"
Invoke-Checked $python -m PyInstaller --noconfirm --log-level=ERROR installer/marrowscope.spec

# The built program must read the demonstration from an empty home, or nothing is packed.
$kept = $env:MARROWSCOPE_HOME
$trial = Join-Path ([IO.Path]::GetTempPath()) ("marrowscope " + [Guid]::NewGuid())
New-Item -ItemType Directory $trial | Out-Null
try {
    $env:MARROWSCOPE_HOME = Join-Path $trial "home"
    $env:QT_QPA_PLATFORM = "offscreen"
    Invoke-Checked dist\marrowscope\marrowscope.exe demo --headless --out "$trial\demo"
    foreach ($name in "case.marrow", "report.pdf", "window.png") {
        if (-not (Test-Path "$trial\demo\$name")) { throw "The demonstration wrote no $name" }
    }
} finally {
    $env:MARROWSCOPE_HOME = $kept
    Remove-Item Env:QT_QPA_PLATFORM
    Remove-Item -Recurse -Force $trial
}

# Unpack and start marrowscope-window.exe: no installing, no administrator rights.
Compress-Archive -Force dist\marrowscope "dist\marrowscope-$version-windows-x86_64.zip"

$inno = "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe"
if (Test-Path $inno) {
    Invoke-Checked $inno "/DVersion=$version" installer\windows.iss
} else {
    Write-Host "No installer: Inno Setup 6 (jrsoftware.org) is not here; the .zip is complete."
}
Get-ChildItem dist -File | ForEach-Object { "{0}  {1:N0} MB" -f $_.Name, ($_.Length / 1e6) }
