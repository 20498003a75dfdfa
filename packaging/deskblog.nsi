; The installer for Windows: one person's, without an administrator, into %LOCALAPPDATA%\Programs\deskblog.
;
;     makensis -DVERSION=0.1.0 -DFOLDER=../build/frozen/deskblog -DOUT=../dist packaging/deskblog.nsi
;
; Paths are read from the folder of this file. It compiles under Linux too, and was never run on a real Windows.
; Starting with the session is the app's own affair.
Unicode true
Target amd64-unicode
!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "nsDialogs.nsh"
!include "FileFunc.nsh"

!ifndef VERSION
  !error "VERSION is missing: -DVERSION=0.1.0"
!endif
!ifndef FOLDER
  !error "FOLDER is missing: what PyInstaller made"
!endif
!ifndef OUT
  !define OUT "."
!endif
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\deskblog"
!define RULE "deskblog (private and domain networks)"

Name "deskblog ${VERSION}"
OutFile "${OUT}/deskblog-${VERSION}-setup.exe"
InstallDir "$LOCALAPPDATA\Programs\deskblog"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
RequestExecutionLevel user
SetCompressor /SOLID lzma
BrandingText " "
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "deskblog"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "deskblog, installer"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "../resources/deskblog.ico"
!define MUI_UNICON "../resources/deskblog.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\deskblog-app.exe"
!define MUI_FINISHPAGE_RUN_TEXT "$(OPEN)"
Var WantsRule
Var RuleBox

!insertmacro MUI_PAGE_DIRECTORY
Page custom AskFirewall KeepFirewall
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "French"

LangString OPEN ${LANG_ENGLISH} "Open deskblog"
LangString OPEN ${LANG_FRENCH} "Ouvrir deskblog"
LangString FIREWALL ${LANG_ENGLISH} "Colleagues and the firewall"
LangString FIREWALL ${LANG_FRENCH} "Les collègues et le pare-feu"
LangString FIREWALL_SUB ${LANG_ENGLISH} "May colleagues' PCs reach this one?"
LangString FIREWALL_SUB ${LANG_FRENCH} "Les postes des collègues peuvent-ils joindre celui-ci ?"
LangString WHY ${LANG_ENGLISH} "deskblog has no server: colleagues' PCs speak with this one directly. The firewall of Windows lets nobody in unless there is a rule for it. The rule is for deskblog alone, for private and firm networks and not for public ones such as in a café, and Windows asks for an administrator to make it.$\r$\n$\r$\nWithout it deskblog works as long as the other PCs can be reached. The rule can be made later by running this installer again, and is taken away with the program if you agree."
LangString WHY ${LANG_FRENCH} "deskblog n’a pas de serveur : les postes des collègues parlent directement à celui-ci. Le pare-feu de Windows ne laisse entrer personne sans une règle. Cette règle vaut pour deskblog seul, sur les réseaux privés et d’entreprise, pas sur les réseaux publics comme celui d’un café ; Windows demande un administrateur pour la créer.$\r$\n$\r$\nSans elle, deskblog marche tant que les autres postes sont joignables. La règle peut être créée plus tard en relançant cet installateur ; elle part avec le programme, avec votre accord."
LangString RULE_BOX ${LANG_ENGLISH} "Make this rule (Windows will ask for an administrator)"
LangString RULE_BOX ${LANG_FRENCH} "Créer cette règle (Windows demandera un administrateur)"
LangString RULE_FAILED ${LANG_ENGLISH} "The rule was not made. deskblog is installed and works as long as the other PCs can be reached; run this installer again to make the rule."
LangString RULE_FAILED ${LANG_FRENCH} "La règle n’a pas été créée. deskblog est installé et marche tant que les autres postes sont joignables ; relancer cet installateur pour la créer."
LangString RUNNING ${LANG_ENGLISH} "deskblog is open. Please quit it (menu of the cup beside the clock), then press Retry."
LangString RUNNING ${LANG_FRENCH} "deskblog est ouvert. Merci de le quitter (menu de la tasse à côté de l’horloge), puis de cliquer sur Réessayer."
LangString COMPOSE ${LANG_ENGLISH} "New post"
LangString COMPOSE ${LANG_FRENCH} "Nouveau billet"
LangString KEPT ${LANG_ENGLISH} "deskblog is gone from this PC. Your posts were kept, in:$\r$\n$\r$\n$LOCALAPPDATA\deskblog$\r$\n$\r$\nWhoever wants them gone deletes that folder."
LangString KEPT ${LANG_FRENCH} "deskblog a été retiré de ce poste. Les billets ont été gardés, dans :$\r$\n$\r$\n$LOCALAPPDATA\deskblog$\r$\n$\r$\nPour les effacer, supprimer ce dossier."
LangString UNRULE ${LANG_ENGLISH} "Take the firewall's rule for deskblog away, too? Windows will ask for an administrator."
LangString UNRULE ${LANG_FRENCH} "Retirer aussi la règle du pare-feu pour deskblog ? Windows demandera un administrateur."

Function .onInit
  StrCpy $WantsRule 0
FunctionEnd

Function AskFirewall
  !insertmacro MUI_HEADER_TEXT "$(FIREWALL)" "$(FIREWALL_SUB)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 95u "$(WHY)"
  Pop $0
  ${NSD_CreateCheckbox} 0 105u 100% 12u "$(RULE_BOX)"
  Pop $RuleBox
  ${NSD_SetState} $RuleBox $WantsRule
  nsDialogs::Show
FunctionEnd

Function KeepFirewall
  ${NSD_GetState} $RuleBox $WantsRule
FunctionEnd

; A program that runs cannot be written over, on Windows; nor does it load the rest of itself from a newer one.
!macro WaitUntilClosed
  ${Do}
    IfFileExists "$INSTDIR\deskblog-app.exe" 0 closed
    ClearErrors
    FileOpen $1 "$INSTDIR\deskblog-app.exe" a
    ${IfNot} ${Errors}
      FileClose $1
      Goto closed
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONINFORMATION "$(RUNNING)" /SD IDCANCEL IDRETRY +2
    Abort
  ${Loop}
  closed:
!macroend

Section
  !insertmacro WaitUntilClosed
  ; The libraries of an older version would lie beside those of this one.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}/*"
  File "../resources/deskblog.ico"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateDirectory "$SMPROGRAMS\deskblog"
  CreateShortcut "$SMPROGRAMS\deskblog\deskblog.lnk" "$INSTDIR\deskblog-app.exe" "" "$INSTDIR\deskblog.ico"
  CreateShortcut "$SMPROGRAMS\deskblog\$(COMPOSE).lnk" "$INSTDIR\deskblog-app.exe" "--compose" "$INSTDIR\deskblog.ico"
  WriteRegStr HKCU "${KEY}" "DisplayName" "deskblog"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\deskblog.ico"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" $0
  ${If} $WantsRule == ${BST_CHECKED}
    Call MakeRule
  ${EndIf}
SectionEnd

; Only this asks for an administrator, and only of whoever ticked the box: "runas" shows Windows' own question.
Function MakeRule
  StrCpy $0 'advfirewall firewall add rule name="${RULE}" dir=in action=allow profile=private,domain enable=yes'
  ExecShellWait "runas" "$SYSDIR\netsh.exe" '$0 program="$INSTDIR\deskblog-app.exe"' SW_HIDE
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONINFORMATION "$(RULE_FAILED)" /SD IDOK
  ${Else}
    WriteRegDWORD HKCU "${KEY}" "FirewallRule" 1
  ${EndIf}
FunctionEnd

Section "Uninstall"
  !insertmacro WaitUntilClosed
  ReadRegDWORD $0 HKCU "${KEY}" "FirewallRule"
  ${If} $0 == 1
    MessageBox MB_YESNO|MB_ICONQUESTION "$(UNRULE)" /SD IDNO IDNO norule
    ExecShellWait "runas" "$SYSDIR\netsh.exe" 'advfirewall firewall delete rule name="${RULE}"' SW_HIDE
    norule:
  ${EndIf}
  ; By name, never the whole folder: somebody may have chosen one with other things in it.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\deskblog.exe"
  Delete "$INSTDIR\deskblog-app.exe"
  Delete "$INSTDIR\deskblog.ico"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\THIRD-PARTY.txt"
  Delete "$INSTDIR\README.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  RMDir /r "$SMPROGRAMS\deskblog"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "deskblog"
  DeleteRegKey HKCU "${KEY}"
  MessageBox MB_OK|MB_ICONINFORMATION "$(KEPT)" /SD IDOK
SectionEnd
