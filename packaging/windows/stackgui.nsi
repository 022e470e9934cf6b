; NSIS: the same installer where there is no Inno Setup. for_windows.py gives VERSION, BUNDLE, ICON and OUT.
; Built on Linux too; not yet tried on a real Windows.
Unicode true
ManifestDPIAware true
ManifestLongPathAware true
SetCompressor /SOLID lzma
RequestExecutionLevel user

!include "MUI2.nsh"
!include "x64.nsh"

!define NAME "StackGUI"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define CLASSES "Software\Classes"

Name "${NAME} ${VERSION}"
OutFile "${OUT}.exe"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "Software\${NAME}" "InstallDir"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileDescription" "${NAME}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\stackgui-window.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "Spanish"
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "PortugueseBR"
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "Japanese"

LangString OpenWith ${LANG_ENGLISH} "Open with StackGUI"
LangString OpenWith ${LANG_GERMAN} "Mit StackGUI öffnen"
LangString OpenWith ${LANG_SPANISH} "Abrir con StackGUI"
LangString OpenWith ${LANG_FRENCH} "Ouvrir avec StackGUI"
LangString OpenWith ${LANG_PORTUGUESEBR} "Abrir com o StackGUI"
LangString OpenWith ${LANG_SIMPCHINESE} "用 StackGUI 打开"
LangString OpenWith ${LANG_JAPANESE} "StackGUI で開く"

Section "Install"
  ; What an older version had and this one has not.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\stackgui-window.exe"

  WriteRegStr HKCU "Software\${NAME}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\stackgui-window.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1

  WriteRegStr HKCU "${CLASSES}\.stackgui" "" "StackGUI.Project"
  WriteRegStr HKCU "${CLASSES}\StackGUI.Project" "" "StackGUI"
  WriteRegStr HKCU "${CLASSES}\StackGUI.Project\DefaultIcon" "" "$INSTDIR\stackgui-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\StackGUI.Project\shell\open\command" "" '"$INSTDIR\stackgui-window.exe" open -- "%1"'
  WriteRegStr HKCU "${CLASSES}\Directory\shell\StackGUI" "" "$(OpenWith)"
  WriteRegStr HKCU "${CLASSES}\Directory\shell\StackGUI" "Icon" "$INSTDIR\stackgui-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\Directory\shell\StackGUI\command" "" '"$INSTDIR\stackgui-window.exe" open -- "%1"'
  WriteRegStr HKCU "${CLASSES}\.npy\OpenWithProgids" "StackGUI.Project" ""
  WriteRegStr HKCU "${CLASSES}\.json\OpenWithProgids" "StackGUI.Project" ""
SectionEnd

Section "Uninstall"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\stackgui.exe"
  Delete "$INSTDIR\stackgui-window.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "Software\${NAME}"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "${CLASSES}\StackGUI.Project"
  DeleteRegKey HKCU "${CLASSES}\Directory\shell\StackGUI"
  DeleteRegValue HKCU "${CLASSES}\.stackgui" ""
  DeleteRegValue HKCU "${CLASSES}\.npy\OpenWithProgids" "StackGUI.Project"
  DeleteRegValue HKCU "${CLASSES}\.json\OpenWithProgids" "StackGUI.Project"
SectionEnd
