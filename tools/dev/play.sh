# What ./dev run does after the build: makes the sample guild once, then opens the chat. Sourced by ./dev.
# The program's calls are all here.

play_dir="$root/run"
play_db="sqlite:$play_dir/patt.db"
play_guild="Lantern Watch"

patt() { "$root/build/release/bin/patt" "$@"; }

# A database that was only half made is made again.
make_sample_database() {
    rm -f "$play_dir"/patt.db*
    PATT_SAMPLE_DIR="$root/sample" patt init --sample --db "$play_db" --guild "$play_guild" && touch "$play_dir/ready"
}

play() {
    mkdir -p "$play_dir"
    [[ -e $play_dir/ready && -e $play_dir/patt.db ]] || must "make the sample guild in run/" make_sample_database
    exec "$root/build/release/bin/patt" chat --db "$play_db" --guild "$play_guild" "$@"
}
