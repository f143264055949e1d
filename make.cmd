@rem The same commands on Windows, without make: "make run", "make test".
@echo off
where py >nul 2>nul
if errorlevel 1 (python "%~dp0bootstrap.py" %*) else (py -3 "%~dp0bootstrap.py" %*)
