//! Who uses this machine, by name.

/// The name of the user under whom this program runs.
pub(super) fn machine_user() -> String {
    let named = ["USER", "LOGNAME", "USERNAME"].iter().filter_map(|name| std::env::var(name).ok());
    named.into_iter().find(|user| !user.is_empty()).or_else(user_by_number).unwrap_or_else(|| "unknown".into())
}

/// In a container, often nothing but the number is there.
#[cfg(unix)]
fn user_by_number() -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let number = std::fs::metadata("/proc/self").ok()?.uid();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    Some(account(&accounts, number).map_or_else(|| format!("number {number}"), str::to_owned))
}

#[cfg(not(unix))]
fn user_by_number() -> Option<String> {
    None
}

/// Finds an account by its number. Source: passwd(5).
fn account(accounts: &str, number: u32) -> Option<&str> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(number)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_number() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\n# nobody\nme:x:1000:1000::/home/me:/bin/sh\n";
        assert_eq!(account(accounts, 1000), Some("me"));
        assert_eq!(account(accounts, 0), Some("root"));
        assert_eq!(account(accounts, 7), None);
    }
}
