@echo off
rem Runs Maven: the command named by MVN if that is set, else the mvn on the PATH. The build checks its version.
setlocal
if not defined MVN set "MVN=mvn"
call "%MVN%" -v >nul 2>&1
if errorlevel 1 (
  echo mvnw: install Maven 3.8 or newer and a JDK 17 or newer, or set MVN to the mvn command of a Maven that you have. 1>&2
  exit /b 1
)
call "%MVN%" %*
exit /b %ERRORLEVEL%
