//! Accounts and names.

use ark_usage_model::list_api_keys::ApiKeyName;
use ark_usage_model::list_endpoints::Endpoint;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::unreadable;
use crate::Names;

/// The row of an account, made where there is none.
pub(super) fn account(transaction: &Transaction<'_>, number: &str) -> rusqlite::Result<i64> {
    transaction
        .prepare_cached("INSERT INTO account (number) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([number])?;
    transaction
        .prepare_cached("SELECT id FROM account WHERE number = ?1")?
        .query_row([number], |row| row.get(0))
}

pub(super) fn accounts(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT number FROM account ORDER BY number")?;
    let mut accounts =
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    accounts.sort_unstable();
    Ok(accounts)
}

pub(super) fn remember(
    connection: &mut Connection,
    number: &str,
    names: &Names,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let account = account(&transaction, number)?;
    if let Some(profile) = &names.profile {
        let sql = "UPDATE account SET profile = ?2 WHERE id = ?1";
        transaction.prepare_cached(sql)?.execute((account, profile))?;
    }
    for project in &names.projects {
        let Some(name) = &project.project_name else { continue };
        let sql = "INSERT OR REPLACE INTO project (account_id, name, listed) VALUES (?1, ?2, ?3)";
        transaction.prepare_cached(sql)?.execute((account, name, json(project)?))?;
    }
    for endpoint in &names.endpoints {
        remember_endpoint(&transaction, account, endpoint)?;
    }
    for key in &names.api_keys {
        let Some(id) = &key.sid else { continue };
        let sql = "INSERT OR REPLACE INTO api_key (account_id, id, name) VALUES (?1, ?2, ?3)";
        transaction.prepare_cached(sql)?.execute((account, id, &key.name))?;
    }
    transaction.commit()
}

fn remember_endpoint(
    transaction: &Transaction<'_>,
    account: i64,
    endpoint: &Endpoint,
) -> rusqlite::Result<()> {
    let Some(id) = &endpoint.id else { return Ok(()) };
    let reference = endpoint.model_reference.as_ref();
    let foundation = reference.and_then(|reference| reference.foundation_model.as_ref());
    let custom = reference.and_then(|reference| reference.custom_model_id.as_ref());
    let model = foundation.and_then(|model| model.name.as_ref()).or(custom);
    let version = foundation.and_then(|model| model.model_version.as_ref());
    let labels: serde_json::Map<String, serde_json::Value> = endpoint
        .tags
        .iter()
        .filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default().into())))
        .collect();
    let sql = "INSERT OR REPLACE INTO endpoint \
        (account_id, id, name, project, model, model_version, labels, listed) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let (name, project) = (&endpoint.name, &endpoint.project_name);
    let (labels, listed) = (json(&labels)?, json(endpoint)?);
    transaction
        .prepare_cached(sql)?
        .execute((account, id, name, project, model, version, labels, listed))?;
    Ok(())
}

pub(super) fn names(connection: &Connection, number: &str) -> rusqlite::Result<Names> {
    let sql = "SELECT id, profile FROM account WHERE number = ?1";
    let account = connection
        .prepare_cached(sql)?
        .query_row([number], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
        .optional()?;
    let Some((account, profile)) = account else { return Ok(Names::default()) };
    let sql = "SELECT id, name FROM api_key WHERE account_id = ?1 ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let keys = statement
        .query_map([account], |row| Ok(ApiKeyName { sid: row.get(0)?, name: row.get(1)? }))?;
    let listed = |table: &str, id: &str| {
        format!("SELECT listed FROM {table} WHERE account_id = ?1 ORDER BY {id}")
    };
    Ok(Names {
        profile,
        projects: read_listed(connection, &listed("project", "rowid"), account)?,
        endpoints: read_listed(connection, &listed("endpoint", "id"), account)?,
        api_keys: keys.collect::<rusqlite::Result<_>>()?,
    })
}

fn read_listed<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    account: i64,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([account])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let listed: String = row.get(0)?;
        entries.push(serde_json::from_str(&listed).map_err(|_| unreadable("an entry of a list"))?);
    }
    Ok(entries)
}

pub(super) fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
