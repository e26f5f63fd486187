from banmao.cli import main

main()
