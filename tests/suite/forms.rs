//! The same answers from another arrangement: what respondents do to a form, and layouts that
//! are nothing but a definition file.
