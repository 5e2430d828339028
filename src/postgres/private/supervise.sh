# Makes a cluster in a folder, runs its server, and in the end removes the folder.
#
#   sh -c "$script" supervise FOLDER BIN [POSTGRES_ARGUMENT...]
#
# Standard input is the reading end of a pipe that our asker holds. Nothing is ever written to it: it closes when the asker
# lets go or dies, whatever it dies of, and then everything ends here too. Should the server end by itself, the file
# FOLDER/exited appears and the folder stays, with the log, until the pipe closes.

# Ctrl-C and a closing terminal are for the asker alone; we follow it through the pipe.
trap '' HUP INT QUIT TERM PIPE
umask 077
PATH=${PATH:-}:/usr/bin:/bin

folder=$1
bin=$2
shift 2
# Made here and not by the asker: from its first moment on somebody is there to remove it.
mkdir -- "$folder" 2>/dev/null || exit 3
exec 3<&0 </dev/null >>"$folder/log" 2>&1

asker_is_gone() {
    while read -r ignored; do :; done <&3
}

# SIGQUIT is PostgreSQL's immediate shutdown: there is no need to save what is thrown away. It is sent again and again since a
# program that has just been started may not listen yet; after ten seconds it is killed.
end() {
    tries=0
    while [ "$tries" -lt 100 ] && kill -QUIT "$1"; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -KILL "$1"
}

# Runs a command until it ends by itself or is ended because the asker is gone.
guard() {
    "$@" 3<&- &
    command=$!
    (
        asker_is_gone
        end "$command"
    ) 2>/dev/null &
    watcher=$!
    wait "$command"
    status=$?
    kill -KILL "$watcher"
    wait "$watcher" 2>/dev/null
    return "$status"
}

remove_folder() {
    case $folder in
    /*/strait-pg-*) rm -rf -- "$folder" 2>/dev/null ;;
    esac
}

guard "$bin/initdb" --no-sync --encoding=UTF8 --locale=C --username=postgres --auth=trust --pgdata="$folder/data" &&
    : >"$folder/log" &&
    guard "$bin/postgres" -D "$folder/data" "$@"
: >"$folder/exited"

asker_is_gone
# The server's last children may still be writing.
for pause in 0 0.1 0.5 2 5; do
    sleep "$pause"
    remove_folder && break
done
