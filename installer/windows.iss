; Inno Setup recipe, run by installer\windows.ps1. NOT YET TRIED on Windows.
; Installs for the one user, so no administrator is asked.
[Setup]
AppId={{6C1B3D5E-5E0B-4E0A-9C55-3B7D0C1B7A52}
AppName=MarrowScope
AppVersion={#Version}
AppPublisher=The MarrowScope developers
DefaultDirName={autopf}\MarrowScope
DefaultGroupName=MarrowScope
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\LICENSE
OutputDir=..\dist
OutputBaseFilename=marrowscope-{#Version}-windows-x86_64-setup
Compression=lzma2
SolidCompression=yes
UninstallDisplayIcon={app}\marrowscope-window.exe
ChangesAssociations=yes

[Files]
Source: "..\dist\marrowscope\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\MarrowScope"; Filename: "{app}\marrowscope-window.exe"
Name: "{autodesktop}\MarrowScope"; Filename: "{app}\marrowscope-window.exe"; Tasks: desktop

[Tasks]
Name: desktop; Description: "A symbol on the desktop"; Flags: unchecked

[Registry]
Root: HKA; Subkey: "Software\Classes\.marrow"; ValueType: string; ValueData: "MarrowScope.Case"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\MarrowScope.Case"; ValueType: string; ValueData: "MarrowScope case"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\MarrowScope.Case\shell\open\command"; ValueType: string; ValueData: """{app}\marrowscope-window.exe"" ""%1"""

[Run]
Filename: "{app}\marrowscope-window.exe"; Description: "Start MarrowScope"; Flags: nowait postinstall skipifsilent
