; Inno Setup: an installer for one person, who needs no administrator. for_windows.py gives VERSION, BUNDLE, ICON, OUT.
; Not yet tried on a real Windows.
#define Name "StackGUI"

[Setup]
AppId={{6C0B6F6E-52B1-4B57-9E0B-6F2C5B0E0F5A}
AppName={#Name}
AppVersion={#VERSION}
AppVerName={#Name} {#VERSION}
DefaultDirName={autopf}\{#Name}
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir={#ExtractFilePath(OUT)}
OutputBaseFilename={#ExtractFileName(OUT)}
SetupIconFile={#ICON}
UninstallDisplayIcon={app}\stackgui-window.exe
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
CloseApplications=yes
ShowLanguageDialog=auto

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"
Name: "fr"; MessagesFile: "compiler:Languages\French.isl"
Name: "ja"; MessagesFile: "compiler:Languages\Japanese.isl"
Name: "pt_BR"; MessagesFile: "compiler:Languages\BrazilianPortuguese.isl"

[CustomMessages]
en.OpenWith=Open with StackGUI
de.OpenWith=Mit StackGUI öffnen
es.OpenWith=Abrir con StackGUI
fr.OpenWith=Ouvrir avec StackGUI
ja.OpenWith=StackGUI で開く
pt_BR.OpenWith=Abrir com o StackGUI

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[InstallDelete]
; What an older version had and this one has not.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#BUNDLE}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\stackgui-window.exe"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\stackgui-window.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.stackgui"; ValueType: string; ValueData: "StackGUI.Project"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\StackGUI.Project"; ValueType: string; ValueData: "StackGUI"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\StackGUI.Project\DefaultIcon"; ValueType: string; ValueData: "{app}\stackgui-window.exe,0"
Root: HKA; Subkey: "Software\Classes\StackGUI.Project\shell\open\command"; ValueType: string; ValueData: """{app}\stackgui-window.exe"" open -- ""%1"""
Root: HKA; Subkey: "Software\Classes\Directory\shell\StackGUI"; ValueType: string; ValueData: "{cm:OpenWith}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Directory\shell\StackGUI"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\stackgui-window.exe,0"
Root: HKA; Subkey: "Software\Classes\Directory\shell\StackGUI\command"; ValueType: string; ValueData: """{app}\stackgui-window.exe"" open -- ""%1"""
Root: HKA; Subkey: "Software\Classes\.npy\OpenWithProgids"; ValueType: string; ValueName: "StackGUI.Project"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.json\OpenWithProgids"; ValueType: string; ValueName: "StackGUI.Project"; ValueData: ""; Flags: uninsdeletevalue

[Run]
Filename: "{app}\stackgui-window.exe"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent
