"""Parts hang, refuse, fill up, are killed or tell a wrong time: nothing is lost, nothing is done twice."""
