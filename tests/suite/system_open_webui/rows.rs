//! Rows of an older Open WebUI become what the application's own migrations make of them, on both engines.

use super::{HEAD, done, made, migrate};
use crate::support::migrate::{asked, change};
use crate::support::place::Place;

/// A database of the first revision with a row for each thing that later ones change.
const OLD_ROWS: &str = include_str!("old_rows.sql");

fn old() -> impl Iterator<Item = Place> {
    Place::both().into_iter().map(|place| {
        let place = made(place, "7e5b5dc7342b");
        change(&place, OLD_ROWS);
        place
    })
}

#[test]
fn old_rows_become_what_the_application_makes_of_them() {
    for place in old() {
        done(&place, &["up", HEAD, "--allow-destructive"]);
        let engine = place.engine();
        let text = |column: &str, key: &str| match place.is_postgres() {
            true => format!("{column} ->> '{key}'"),
            false => format!("json_extract({column}, '$.{key}')"),
        };
        let (title, tags) = (text("chat", "title"), text("meta", "tags"));
        assert_eq!(
            asked(&place, &format!("select id, {title}, cast(pinned as text), {tags} from chat order by id")),
            match place.is_postgres() {
                true => ["c1|First|true|[\"work_stuff\", \"été\"]", "c2|Second|true|", "c3|Third||"],
                false => ["c1|First|1|[\"work_stuff\",\"été\"]", "c2|Second|1|", "c3|Third||"],
            },
            "{engine}"
        );
        assert_eq!(
            asked(&place, "select id, user_id, name from tag order by 1, 2"),
            ["work_stuff|u1|Work Stuff", "work_stuff|u2|work stuff", "été|u1|Été"],
            "{engine}: both users keep theirs, one of two that are the same is left, and `pinned` is no tag"
        );
        let sql = format!("select id, path, {} from file order by id", text("meta", "size"));
        assert_eq!(asked(&place, &sql), ["f1|/uploads/a.pdf|10", "f2||20"], "{engine}");
        let sql =
            format!("select id, name, description, created_at, {} from knowledge order by id", text("meta", "tags"));
        let expected = match place.is_postgres() {
            true => ["d1|Title|one|7|[{\"name\": \"t\"}]", "d2|Other|two|8|[]"],
            false => ["d1|Title|one|7|[{\"name\":\"t\"}]", "d2|Other|two|8|[]"],
        };
        assert_eq!(asked(&place, &sql), expected, "{engine}");
    }
}

#[test]
fn a_chat_that_is_no_json_is_lost_only_when_that_is_allowed() {
    for place in old() {
        change(&place, "update chat set chat = 'torn {' where id = 'c2'");
        let refused = migrate(&place, &["up", "242a2047eae0"]);
        assert_eq!(refused.status, 2, "{}{}", refused.stdout, refused.stderr);
        assert!(refused.stderr.contains("would destroy 1 "), "{}", refused.stderr);
        assert_eq!(asked(&place, "select chat from chat where id = 'c2'"), ["torn {"], "{}", place.engine());
        done(&place, &["up", "242a2047eae0", "--allow-destructive"]);
        assert_eq!(asked(&place, "select chat from chat where id = 'c2'"), ["null"], "{}", place.engine());
    }
    for place in old() {
        if !place.is_postgres() {
            // As Python writes it, and reads it.
            change(&place, "update chat set chat = '{\"a\": [NaN, -Infinity]}' where id = 'c1'");
        }
        done(&place, &["up", "242a2047eae0"]);
        assert_eq!(asked(&place, "select count(*) from chat"), ["3"], "{}: nothing was to be allowed", place.engine());
    }
}

#[test]
fn a_folder_s_moments_are_read_as_moments() {
    for place in old() {
        done(&place, &["up", "af906e964978", "--allow-destructive"]);
        change(
            &place,
            "insert into folder (id, user_id, name, is_expanded, created_at, updated_at) \
             values ('f', 'u', 'Folder', '1', '2024-10-20 17:02:35', '1969-12-31 23:59:59')",
        );
        done(&place, &["up", "4ace53fd72c8", "--allow-destructive"]);
        let moments = "select created_at, updated_at from folder";
        assert_eq!(asked(&place, moments), ["1729443755|-1"], "{}", place.engine());
        done(&place, &["down", "af906e964978", "--allow-destructive"]);
        assert_eq!(asked(&place, moments), ["2024-10-20 17:02:35|1969-12-31 23:59:59"], "{}", place.engine());
    }
}

#[test]
fn tags_and_paths_that_came_later_go_down_to_where_the_older_application_looks() {
    for place in old() {
        done(&place, &["up", HEAD, "--allow-destructive"]);
        change(
            &place,
            "insert into tag (id, name, user_id) values ('new_tag', 'New Tag', 'u1'); \
             update chat set pinned = '1', meta = '{\"tags\": [\"new_tag\"]}' where id = 'c3'; \
             update file set path = '/uploads/b.pdf' where id = 'f2'",
        );
        done(&place, &["down", "6a39f3d8e55c", "--allow-destructive"]);
        let tags = "select tag_name from chatidtag where chat_id = 'c3' order by 1";
        assert_eq!(asked(&place, tags), ["New Tag", "pinned"], "{}", place.engine());
        let path = match place.is_postgres() {
            true => "select meta::json ->> 'path' from file order by id",
            false => "select json_extract(meta, '$.path') from file order by id",
        };
        assert_eq!(asked(&place, path), ["/uploads/a.pdf", "/uploads/b.pdf"], "{}", place.engine());
        done(&place, &["up", HEAD, "--allow-destructive"]);
        assert_eq!(asked(&place, "select path from file order by id"), ["/uploads/a.pdf", "/uploads/b.pdf"]);
        assert_eq!(asked(&place, "select count(*) from tag where id = 'new_tag'"), ["1"], "{}", place.engine());
    }
}

#[test]
fn a_path_that_meta_has_no_place_for_is_lost_only_when_that_is_allowed() {
    for place in old() {
        done(&place, &["up", "c29facfe716b", "--allow-destructive"]);
        change(&place, "update file set path = '/uploads/b.pdf' where id = 'f2'");
        done(&place, &["down", "c69f45358db4"]);
        done(&place, &["up", "c29facfe716b", "--allow-destructive"]);
        change(&place, "update file set meta = '[]' where id = 'f2'");
        let refused = migrate(&place, &["down", "c69f45358db4"]);
        assert!(refused.stderr.contains("would destroy 1 "), "{}{}", refused.stdout, refused.stderr);
        done(&place, &["down", "c69f45358db4", "--allow-destructive"]);
        assert_eq!(asked(&place, "select meta from file where id = 'f2'"), ["[]"], "{}", place.engine());
    }
}
