@rem The scripts of package.json begin with exec, so that on POSIX the signals of npm reach the launcher itself.
@rem Here there is no exec: cmd finds this file in its place.
@%*
