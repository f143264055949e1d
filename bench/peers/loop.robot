*** Variables ***
${TURNS}    1000

*** Test Cases ***
Count Even Numbers
    VAR    ${i}    ${0}
    VAR    ${even}    ${0}
    WHILE    $i < int($TURNS)    limit=NONE
        VAR    ${i}    ${{ $i + 1 }}
        IF    $i % 2 == 0
            VAR    ${even}    ${{ $even + 1 }}
        END
    END
    Should Be Equal As Integers    ${even}    ${{ int($TURNS) // 2 }}
